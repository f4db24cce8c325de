import * as z from 'zod';
import { lockAccess, recordAccess } from '../common/access.ts';
import { defineStep } from '../step.ts';
import { releaseParam } from '../rollout/workload-params.ts';

/** Name of the helper Pod in upstream's calicoctl.yaml. */
export const CALICOCTL = 'calicoctl';

/** A Pod's command and image can't all be changed in place: the old helper goes, the manifest in the spec brings the new one. */
export const calicoCtlRemove = defineStep({
  name: 'calico-ctl-remove',
  summary: 'Deletes the calicoctl helper Pod of an older release, so that the apply can create the new one.',
  params: z.object({
    to: releaseParam.describe('The release to upgrade to.'),
    namespace: z.string().min(1).default('kube-system').describe('Namespace of the helper Pod.'),
    name: z.string().min(1).default(CALICOCTL).describe('Name of the helper Pod and of its container.'),
  }),
  access: ({ namespace, name }, identity) => [
    ...recordAccess(identity, 'write'),
    { apiGroup: '', resources: ['pods'], verbs: ['get', 'list', 'watch', 'delete'], resourceNames: [name], namespace },
    ...lockAccess(identity),
  ],
});
