import type { Construct } from 'constructs';
import type { UpgradeIdentity } from '../steps/step.ts';

/** The identity of the upgrade that a construct belongs to. @throws Error for a construct outside, and for one that is made before its chart has set `identity`. */
export function identityOf(construct: Construct): UpgradeIdentity {
  const identity = construct.node.scopes.toReversed().map((scope) => (scope as { readonly identity?: UpgradeIdentity }).identity).find((found) => found !== undefined);
  if (!identity) {
    throw new Error(`${construct.node.path} belongs to no upgrade: create it in an UpgradeChart that has set its \`identity\` before, or pass \`identity\``);
  }
  return identity;
}
