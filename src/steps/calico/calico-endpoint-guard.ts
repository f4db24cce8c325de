import * as z from 'zod';
import { recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { calicoAccess } from './calico-access.ts';

/** Runs as first init container of calico-node, with calico-node's own account: it must hold where hooks were skipped. */
export const calicoEndpointGuard = defineStep({
  name: 'calico-endpoint-guard',
  summary: "Holds calico-node while its node's `*` host endpoint is unprotected, which from v3.14 on would cut the node off.",
  unrecorded: true,
  params: z.object({ node: z.string().min(1).describe('Name of the node, as in `spec.node` of host endpoints.') }),
  access: (_params, identity) => [
    ...recordAccess(identity, 'read'),
    ...calicoAccess({ hostEndpoints: ['list', 'watch'], policies: ['list', 'watch'], tiers: true }),
  ],
});
