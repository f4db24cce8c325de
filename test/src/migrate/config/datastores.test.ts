import { describe, expect, test } from 'vitest';
import { datastores, DEFAULT_FILES } from '../../../../src/migrate/config/datastores.ts';
import type { ConfigError } from '../../../../src/migrate/config/problems.ts';
import type { ReadFile } from '../../../../src/migrate/config/read-file.ts';

const CERT = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n';
const PASSWORD = 'correct horse';
const BOTH = { CALICO_ETCD_ENDPOINTS: 'http://10.0.0.3:2379', CALICO_APIV1_ETCD_ENDPOINTS: 'http://10.0.0.1:2379' };

const disk = (files: Readonly<Record<string, string>> = {}): ReadFile => (path) => (files[path] === undefined ? { error: 'ENOENT' } : { text: files[path] });
const load = (env: Readonly<Record<string, string>>, files?: Readonly<Record<string, string>>, given: { readonly apiconfigv1?: string; readonly apiconfigv3?: string } = {}) => datastores({ env, readFile: disk(files), ...given });
const problemsOf = async (...args: Parameters<typeof load>): Promise<readonly string[]> => {
  const error = (await load(...args).then(() => undefined, (thrown: unknown) => thrown)) as ConfigError;
  expect(error.name).toBe('ConfigError');
  expect(error.message).not.toContain(PASSWORD);
  return error.problems.map(({ where, message }) => `${where}: ${message}`);
};

describe('the environment', () => {
  test('gives both sides: endpoints, user, certificates', async () => {
    const tls = { ETCD_CA_CERT_FILE: '/s/ca', ETCD_CERT_FILE: '/s/cert', ETCD_KEY_FILE: '/s/key' };
    const prefixed = (prefix: string) => Object.fromEntries(Object.entries(tls).map(([name, value]) => [prefix + name, value]));
    const env = {
      ...prefixed('CALICO_'),
      ...prefixed('CALICO_APIV1_'),
      CALICO_ETCD_ENDPOINTS: 'https://10.0.0.3:2379, https://10.0.0.4:2379/',
      CALICO_ETCD_USERNAME: 'calico',
      CALICO_ETCD_PASSWORD: PASSWORD,
      CALICO_APIV1_DATASTORE_TYPE: 'etcdv2',
      CALICO_APIV1_ETCD_SCHEME: 'https',
      CALICO_APIV1_ETCD_AUTHORITY: '10.0.0.1:2379',
    };
    const pem = { ca: CERT, cert: CERT, key: KEY };
    expect(await load(env, { '/s/ca': CERT, '/s/cert': CERT, '/s/key': KEY })).toEqual({
      is: 'etcd',
      v1: { endpoints: ['https://10.0.0.1:2379'], ...pem },
      v3: { endpoints: ['https://10.0.0.3:2379', 'https://10.0.0.4:2379'], username: 'calico', password: PASSWORD, ...pem },
      warnings: [],
      from: { v1: 'the environment', v3: 'the environment' },
    });
  });

  test('names without CALICO_ count where the others are missing or empty', async () => {
    const stores = await load({ CALICO_ETCD_ENDPOINTS: '', ETCD_ENDPOINTS: 'http://a:1', APIV1_ETCD_ENDPOINTS: 'http://b:1', CALICO_APIV1_ETCD_ENDPOINTS: 'http://c:1', CALICO_DATASTORE_TYPE: '' });
    expect(stores).toMatchObject({ v1: { endpoints: ['http://c:1'] }, v3: { endpoints: ['http://a:1'] } });
  });

  test('endpoints go before scheme and authority; the scheme is http', async () => {
    const v3 = { CALICO_ETCD_ENDPOINTS: 'http://a:1' };
    expect(await load({ ...v3, CALICO_APIV1_ETCD_AUTHORITY: 'b:1', CALICO_APIV1_ETCD_ENDPOINTS: 'http://c:1' })).toMatchObject({ v1: { endpoints: ['http://c:1'] } });
    expect(await load({ ...v3, CALICO_APIV1_ETCD_AUTHORITY: 'b:1' })).toMatchObject({ v1: { endpoints: ['http://b:1'] } });
  });

  test('the misspelt password counts with a warning, unless the right one is there', async () => {
    const stores = await load({ ...BOTH, CALICO_ETCD_USERNAME: 'calico', CALCIO_ETCD_PASSWORD: PASSWORD });
    expect(stores).toMatchObject({ v3: { password: PASSWORD }, warnings: ['CALCIO_ETCD_PASSWORD is a misspelling that is accepted for now; rename it to CALICO_ETCD_PASSWORD'] });
    expect(await load({ ...BOTH, CALICO_ETCD_USERNAME: 'calico', CALCIO_ETCD_PASSWORD: 'old', CALICO_ETCD_PASSWORD: PASSWORD })).toMatchObject({ v3: { password: PASSWORD }, warnings: [] });
  });

  test('a user without a password is ignored, with a warning', async () => {
    const stores = await load({ ...BOTH, CALICO_APIV1_ETCD_USERNAME: 'calico' });
    expect(stores.warnings).toEqual(['CALICO_APIV1_ETCD_USERNAME is ignored: user name and password count only together']);
    expect(stores).toMatchObject({ v1: { endpoints: ['http://10.0.0.1:2379'] } });
    expect(JSON.stringify(stores)).not.toContain('"username"');
  });
});

describe('files', () => {
  const v3 = 'apiVersion: projectcalico.org/v3\nkind: CalicoAPIConfig\nmetadata: {}\nspec:\n  datastoreType: etcdv3\n  etcdEndpoints: "http://file:1"\n';
  const v1 = JSON.stringify({ apiVersion: 'v1', kind: 'calicoApiConfig', metadata: {}, spec: { etcdScheme: 'http', etcdAuthority: 'old:1', etcdUsername: '' } });

  test('a given file goes before the default one, that before the environment, and nothing is merged', async () => {
    const given = v3.replace('file:1', 'given:1');
    const env = { ...BOTH, CALICO_ETCD_USERNAME: 'calico', CALICO_ETCD_PASSWORD: PASSWORD };
    expect(await load(env, { [DEFAULT_FILES.v3]: v3 })).toMatchObject({ v3: { endpoints: ['http://file:1'] }, v1: { endpoints: ['http://10.0.0.1:2379'] }, from: { v1: 'the environment', v3: DEFAULT_FILES.v3 } });
    expect((await load(env, { [DEFAULT_FILES.v3]: v3, '/g': given }, { apiconfigv3: '/g' }))).toMatchObject({ v3: { endpoints: ['http://given:1'] } });
    expect(JSON.stringify(await load(env, { [DEFAULT_FILES.v3]: v3 }))).not.toContain(PASSWORD);
  });

  test('JSON is read as well', async () => {
    expect(await load(BOTH, { '/one': v1 }, { apiconfigv1: '/one' })).toMatchObject({ v1: { endpoints: ['http://old:1'] } });
  });

  test.each([
    ['a missing one', { apiconfigv1: '/none' }, {}, ['--apiconfigv1: /none can\'t be read: ENOENT']],
    ['broken YAML', {}, { [DEFAULT_FILES.v3]: `spec: {\n  etcdPassword: ${PASSWORD}` }, [expect.stringMatching(/^\/etc\/calico\/apiconfigv3\.cfg: is neither YAML nor JSON: line \d, /)]],
    ['the other side\'s file', {}, { [DEFAULT_FILES.v1]: v3 }, [`${DEFAULT_FILES.v1} apiVersion: is not v1`, `${DEFAULT_FILES.v1} kind: is not calicoApiConfig`, `${DEFAULT_FILES.v1} spec.datastoreType: is not etcdv2`]],
    ['unknown and mistyped fields', {}, { [DEFAULT_FILES.v3]: `${v3}  etcdendpoints: x\n  etcdUsername: [1]\n  usePodCIDR: "yes"\n  etcdAuthority: a:1\nstatus: {}\n` }, [
      `${DEFAULT_FILES.v3} status: is not known`,
      `${DEFAULT_FILES.v3} spec.etcdendpoints: is not known`,
      `${DEFAULT_FILES.v3} spec.etcdUsername: is no text`,
      `${DEFAULT_FILES.v3} spec.usePodCIDR: is no boolean`,
      `${DEFAULT_FILES.v3} spec.etcdAuthority: is not known`,
    ]],
    ['a password as part of its key', {}, { [DEFAULT_FILES.v3]: `apiVersion: projectcalico.org/v3\nkind: CalicoAPIConfig\nspec: {etcdPassword:${PASSWORD}}\n` }, [`${DEFAULT_FILES.v3} spec.etcdPassword: is not known`]],
    ['nothing in it', {}, { [DEFAULT_FILES.v1]: '' }, [`${DEFAULT_FILES.v1}: holds no configuration`]],
    ['a certificate twice', {}, { [DEFAULT_FILES.v3]: `${v3}  etcdCACertFile: /ca\n  etcdCACert: |\n    -----BEGIN CERTIFICATE-----\n`, '/ca': CERT }, [`${DEFAULT_FILES.v3} spec.etcdCACert: is set beside etcdCACertFile`]],
  ])('%s', async (_what, given, files, expected) => {
    expect(await problemsOf(BOTH, files, given)).toEqual(expected);
  });

  test.each([
    ['*s3cr3t!pw', `${DEFAULT_FILES.v3}: has aliases that cannot be resolved: values that begin with \`*\``],
    ['!s3cr3t pw', `${DEFAULT_FILES.v3}: line 7 uses a tag that is not known`],
    ['{{s3cr3t}}', `${DEFAULT_FILES.v3} spec.etcdPassword: is no text`],
  ])('a password %s without quotes is said to need them, and not repeated', async (password, expected) => {
    const warnings: string[] = [];
    const keep = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', keep);
    const error = (await load(BOTH, { [DEFAULT_FILES.v3]: `${v3}  etcdPassword: ${password}\n` }).catch((thrown: unknown) => thrown)) as ConfigError;
    await new Promise(setImmediate);
    process.off('warning', keep);
    expect(error.problems.map(({ where, message }) => `${where}: ${message}`)).toEqual([expected]);
    expect(error.problems[0]?.fix).toContain('in quotes');
    expect([error.message, JSON.stringify(error.problems), String(error.stack), String(error.cause), ...warnings].join()).not.toContain('s3cr3t');
  });
});

describe('wrong settings: all at once, with the variable', () => {
  test('nothing is set', async () => {
    expect(await problemsOf({})).toEqual(['CALICO_APIV1_ETCD_ENDPOINTS: is not set, so it is unknown where the v1 datastore is', 'CALICO_ETCD_ENDPOINTS: is not set, so it is unknown where the v3 datastore is']);
  });

  test.each([
    ['10.0.0.1:2379', 'holds something that is no http or https URL'],
    ['http://a:1,https://b:1', 'mixes http and https'],
    [`http://user:${encodeURIComponent(PASSWORD)}@a:1`, 'holds a user name or password'],
    ['http://a:1/v3', 'holds a URL with a path'],
    [' , ', 'is not set, so it is unknown where the v3 datastore is'],
  ])('endpoints %s', async (endpoints, message) => {
    expect(await problemsOf({ ...BOTH, CALICO_ETCD_ENDPOINTS: endpoints })).toEqual([`CALICO_ETCD_ENDPOINTS: ${message}`]);
  });

  test('certificates that are missing, half, or no PEM; types that are none', async () => {
    const env = { ...BOTH, CALICO_APIV1_DATASTORE_TYPE: 'etcdv3', CALICO_ETCD_CERT_FILE: '/cert', CALICO_ETCD_CA_CERT_FILE: '/none', CALICO_APIV1_ETCD_KEY_FILE: '/cert', CALICO_APIV1_ETCD_CERT_FILE: '/cert' };
    expect(await problemsOf(env, { '/cert': CERT })).toEqual([
      'CALICO_APIV1_DATASTORE_TYPE: is not etcdv2',
      'CALICO_APIV1_ETCD_KEY_FILE: holds no PEM block of type PRIVATE KEY',
      'CALICO_ETCD_CA_CERT_FILE: names /none, which can\'t be read: ENOENT',
      'CALICO_ETCD_KEY_FILE: is not set, but the client\'s certificate is',
    ]);
    expect(await problemsOf({ ...BOTH, DATASTORE_TYPE: 'mysql' })).toEqual(['DATASTORE_TYPE: is not etcdv3']);
  });
});

test('a Kubernetes datastore is named by either variable, whatever the v1 side of the snippets says', async () => {
  for (const name of ['DATASTORE_TYPE', 'CALICO_DATASTORE_TYPE']) expect(await load({ [name]: 'kubernetes', CALICO_APIV1_DATASTORE_TYPE: 'etcdv2' })).toMatchObject({ is: 'kubernetes', access: {} });
  expect(await problemsOf({ CALICO_APIV1_DATASTORE_TYPE: 'kubernetes' })).toContain('CALICO_APIV1_DATASTORE_TYPE: is not etcdv2');
});

test('a Kubernetes datastore needs the v3 side only', async () => {
  expect(await load({ CALICO_DATASTORE_TYPE: 'kubernetes', CALICO_KUBECONFIG: '/k', CALICO_K8S_INSECURE_SKIP_TLS_VERIFY: 'true', CALICO_APIV1_DATASTORE_TYPE: 'nonsense' }, { '/k': '' })).toEqual({
    is: 'kubernetes',
    access: { kubeconfig: '/k', insecure: true },
    warnings: [],
    from: { v1: 'the environment', v3: 'the environment' },
  });
  expect(await problemsOf({ CALICO_DATASTORE_TYPE: 'kubernetes', KUBECONFIG: '/none' })).toEqual(["KUBECONFIG: names /none, which can't be read: ENOENT"]);
});
