import { convertHostEndpoint } from '../convert/host-endpoint.ts';
import { convertWorkloadEndpoint } from '../convert/workload-endpoint.ts';
import { nodeName } from '../names.ts';
import { hostEndpoint, workloadEndpoint } from '../v1/values.ts';
import { convertEach } from './each.ts';
import { skipped, type PartConverter } from './part.ts';

export const convertHostEndpoints: PartConverter = (entries, _read, { names }) =>
  convertEach(entries, names, {
    is: 'host endpoint',
    schema: hostEndpoint,
    convert: (key, value) => convertHostEndpoint(key.host, key.id, value),
  });

/** One host's workload endpoints. Their names begin with the node's, so once the host is done only a host of the same node name can clash. */
export const convertWorkloadEndpoints: PartConverter = function* (entries, { host = '' }, { names, sharedNodeNames }) {
  const node = nodeName(host);
  const scope = `WorkloadEndpoint ${node}`;
  yield* convertEach(entries, names, {
    is: 'workload endpoint',
    skip: (key) => (key.orchestrator === 'openstack' ? skipped(key, "an OpenStack port; Calico's Neutron driver for v3 writes it again") : undefined),
    schema: workloadEndpoint,
    convert: convertWorkloadEndpoint,
    scope,
  });
  if (!sharedNodeNames.has(node)) names.forget(scope);
};
