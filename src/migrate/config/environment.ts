import { fieldsOf, type Field, type FieldName, type Settings, type Side } from './fields.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The misspelt name in upstream's README; people have copied it. */
const MISSPELT_PASSWORD = 'CALCIO_ETCD_PASSWORD';

/** Settings of one side from the environment: `CALICO_X` before `X`; an empty variable counts as not set (upstream lets it shadow the other). */
export function settingsFromEnvironment(side: Side, env: Env): { readonly settings: Settings; readonly warnings: readonly string[] } {
  const values: Partial<Record<FieldName, string>> = {};
  const sources = new Map<FieldName, string>();
  for (const { field, ...one } of fieldsOf(side)) {
    const source = variablesOf(side, one).find((name) => (env[name] ?? '') !== '');
    if (source === undefined) continue;
    values[field] = env[source] ?? '';
    sources.set(field, source);
  }
  const where = (field: FieldName): string => sources.get(field) ?? variablesOf(side, fieldsOf(side).find((one) => one.field === field) ?? {})[0] ?? field;
  const misspelt = side === 'v3' ? env[MISSPELT_PASSWORD] : undefined;
  if (misspelt === undefined || misspelt === '' || values.etcdPassword !== undefined) return { settings: { side, values, where }, warnings: [] };
  sources.set('etcdPassword', MISSPELT_PASSWORD);
  const warnings = [`${MISSPELT_PASSWORD} is a misspelling that is accepted for now; rename it to CALICO_ETCD_PASSWORD`];
  return { settings: { side, values: { ...values, etcdPassword: misspelt }, where }, warnings };
}

function variablesOf(side: Side, { variable }: Pick<Field, 'variable'>): readonly string[] {
  if (variable === undefined) return [];
  const name = side === 'v1' ? `APIV1_${variable}` : variable;
  return [`CALICO_${name}`, name];
}
