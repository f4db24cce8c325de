import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { canonicalJson } from '../plan/digest.ts';
import type { Placement } from '../plan/placement.ts';
import type { AccessRule } from '../steps/step.ts';
import { place } from './placed.ts';

export interface Subject {
  readonly name: string;
  readonly namespace: string;
}

export interface RunnerAccessProps {
  /** Name of the roles and bindings. */
  readonly name: string;
  /** The account that gets the rights. */
  readonly subject: Subject;
  readonly rules: readonly AccessRule[];
  readonly labels: Record<string, string>;
  readonly placement: Placement;
  readonly why: string;
  /** Id of the job or guard that gets the rights. */
  readonly serves: string;
  /** As that of the job. @default false */
  readonly optional?: boolean;
}

/**
 * Exactly the rights that some steps declare: a ClusterRole for the rules without a namespace, a Role for each namespace, and their bindings.
 * Equal rules appear once; verbs of rules that differ in nothing else are joined.
 */
export class RunnerAccess extends Construct {
  constructor(scope: Construct, id: string, props: RunnerAccessProps) {
    super(scope, id);
    for (const [namespace, rules] of byNamespace(props.rules)) {
      const kind = namespace === '' ? 'ClusterRole' : 'Role';
      const metadata = { name: props.name, labels: props.labels, ...(namespace === '' ? {} : { namespace }) };
      const role = new ApiObject(this, `${kind}${namespace}`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind,
        metadata,
        rules: joinVerbs(rules),
      });
      const binding = new ApiObject(this, `${kind}Binding${namespace}`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: props.name },
        subjects: [{ kind: 'ServiceAccount', ...props.subject }],
      });
      const { placement, why, serves, optional = false } = props;
      for (const object of [role, binding]) place(object, { placement, why, serves, optional });
    }
  }
}

function byNamespace(rules: readonly AccessRule[]): ReadonlyMap<string, readonly AccessRule[]> {
  return groupBy(rules, namespaceOf);
}

function namespaceOf({ namespace }: AccessRule): string {
  return namespace ?? '';
}

/** `Map.groupBy`, which Node 20 lacks. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** RBAC rules, sorted, with the verbs of otherwise equal rules joined. */
function joinVerbs(rules: readonly AccessRule[]): readonly object[] {
  const joined = new Map<string, { rule: AccessRule; verbs: Set<string> }>();
  for (const rule of rules) {
    const key = canonicalJson([rule.apiGroup, sorted(rule.resources), sorted(rule.resourceNames ?? [])]);
    const entry = joined.get(key) ?? { rule, verbs: new Set<string>() };
    rule.verbs.forEach((verb) => entry.verbs.add(verb));
    joined.set(key, entry);
  }
  return [...joined.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { rule, verbs }]) => ({
      apiGroups: [rule.apiGroup],
      resources: sorted(rule.resources),
      ...(rule.resourceNames ? { resourceNames: sorted(rule.resourceNames) } : {}),
      verbs: sorted([...verbs]),
    }));
}

function sorted(items: readonly string[]): string[] {
  return [...items].sort();
}
