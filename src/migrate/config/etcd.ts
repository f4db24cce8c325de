import type { EtcdAccess } from '../../etcd/access.ts';
import type { FieldName, Settings } from './fields.ts';
import type { ConfigProblem } from './problems.ts';
import type { ReadFile } from './read-file.ts';

export interface EtcdSettings {
  readonly access: EtcdAccess;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/** How one side's etcd is reached; certificates are read. What is missing or wrong is in `problems`, and then `access` is not to be used. */
export function etcdAccess(settings: Settings, readFile: ReadFile): EtcdSettings {
  const { values, where } = settings;
  const problems: ConfigProblem[] = [];
  const problem = (field: FieldName, message: string, fix: string): void => void problems.push({ where: where(field), message, fix });
  const endpoints = readEndpoints(settings, problem);
  const pem = (inline: FieldName, file: FieldName): string | undefined => readPem(settings, { inline, file, readFile, problem });
  const [ca, cert, key] = [pem('etcdCACert', 'etcdCACertFile'), pem('etcdCert', 'etcdCertFile'), pem('etcdKey', 'etcdKeyFile')];
  const given = (inline: FieldName, file: FieldName): boolean => values[inline] !== undefined || values[file] !== undefined;
  const [hasCert, hasKey] = [given('etcdCert', 'etcdCertFile'), given('etcdKey', 'etcdKeyFile')];
  if (hasCert !== hasKey) problem(hasCert ? 'etcdKeyFile' : 'etcdCertFile', `is not set, but the client's ${hasCert ? 'certificate' : 'key'} is`, 'set both or none');
  const { etcdUsername: username, etcdPassword: password } = values;
  const halfUser = (username === undefined) !== (password === undefined);
  const warnings = halfUser ? [`${where(username === undefined ? 'etcdPassword' : 'etcdUsername')} is ignored: user name and password count only together`] : [];
  const access = {
    endpoints,
    ...(username !== undefined && password !== undefined && { username, password }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  return { access, problems, warnings };
}

type Report = (field: FieldName, message: string, fix: string) => void;

/** Endpoints go before scheme and authority. */
function readEndpoints({ side, values, where }: Settings, problem: Report): readonly string[] {
  const { etcdEndpoints, etcdScheme, etcdAuthority } = values;
  if (etcdEndpoints === undefined && etcdAuthority !== undefined && (etcdScheme ?? 'http').match(/^https?$/) === null) {
    problem('etcdScheme', 'is neither http nor https', 'write http or https');
    return [];
  }
  const field = etcdEndpoints === undefined && etcdAuthority !== undefined ? 'etcdAuthority' : 'etcdEndpoints';
  const text = etcdEndpoints ?? (etcdAuthority === undefined ? '' : `${etcdScheme ?? 'http'}://${etcdAuthority}`);
  const urls = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (urls.length === 0) {
    const other = side === 'v1' ? `, or ${where('etcdScheme')} and ${where('etcdAuthority')}` : '';
    problem(field, `is not set, so it is unknown where the ${side} datastore is`, `set it to URLs such as https://10.0.0.1:2379, separated by commas${other}`);
    return [];
  }
  if (!urls.every(isHttpUrl)) problem(field, 'holds something that is no http or https URL', 'write URLs such as https://10.0.0.1:2379, separated by commas');
  else if (urls.some((url) => new URL(url).username !== '' || new URL(url).password !== '')) problem(field, 'holds a user name or password', `take it out and set ${where('etcdUsername')} and ${where('etcdPassword')}`);
  else if (urls.some((url) => new URL(url).pathname !== '/' || new URL(url).search !== '')) problem(field, 'holds a URL with a path', 'write scheme, host and port only');
  else if (new Set(urls.map((url) => new URL(url).protocol)).size > 1) problem(field, 'mixes http and https', 'use one of them for all endpoints');
  else return urls.map((url) => url.replace(/\/$/, ''));
  return [];
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';
}

interface Pem {
  readonly inline: FieldName;
  readonly file: FieldName;
  readonly readFile: ReadFile;
  readonly problem: Report;
}

function readPem({ values }: Settings, { inline, file, readFile, problem }: Pem): string | undefined {
  const [text, path] = [values[inline], values[file]];
  if (text !== undefined && path !== undefined) problem(inline, `is set beside ${file}`, 'keep one of the two');
  if (text !== undefined) return checked(text, inline, problem);
  if (path === undefined) return undefined;
  const found = readFile(path);
  if ('error' in found) problem(file, `names ${path}, which can't be read: ${found.error}`, 'correct the path, or mount the Secret there so that this user may read it');
  else return checked(found.text, file, problem);
  return undefined;
}

function checked(text: string, field: FieldName, problem: Report): string | undefined {
  const expected = /Key/.test(field) ? 'PRIVATE KEY' : 'CERTIFICATE';
  if (new RegExp(`-----BEGIN [A-Z ]*${expected}-----`).test(text)) return text;
  problem(field, `holds no PEM block of type ${expected}`, 'give a PEM file; certificate and key may be exchanged');
  return undefined;
}
