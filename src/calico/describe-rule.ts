import type { Rule, RuleEntity } from './model.ts';

/** What a rule matches, in words: `TCP from nets 10.0.0.0/8 to ports 22`. */
export function describeRule({ action: _action, metadata: _metadata, protocol, source, destination, ...rest }: Rule): string {
  const parts = [
    protocol === undefined ? '' : String(protocol),
    ...Object.entries(rest).map(([key, value]) => describeField(key, value)),
    describeEntity('from', source),
    describeEntity('to', destination),
  ].filter(Boolean);
  return parts.length === 0 ? 'all traffic' : parts.join(' ');
}

function describeEntity(word: string, entity: RuleEntity | undefined): string {
  const fields = Object.entries(entity ?? {}).map(([key, value]) => describeField(key, value)).filter(Boolean);
  return fields.length === 0 ? '' : `${word} ${fields.join(', ')}`;
}

function describeField(key: string, value: unknown): string {
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  if (Array.isArray(value)) return `${key} ${value.map(String).join(' ')}`;
  return typeof value === 'object' ? `${key} ${JSON.stringify(value)}` : `${key} ${String(value)}`;
}
