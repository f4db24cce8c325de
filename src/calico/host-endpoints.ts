import type { HostEndpoint } from './model.ts';

/** The interface name of an endpoint that stands for all interfaces of its node; the field as a whole, not a star somewhere in it. */
const ALL_INTERFACES = '*';

/** Profile that allows everything; known to Felix from v3.14 on. */
export const DEFAULT_ALLOW_PROFILE = 'projectcalico-default-allow';

function isAllInterfaces({ spec }: HostEndpoint): boolean {
  return spec.interfaceName === ALL_INTERFACES;
}

/** Made by calico-kube-controllers, with a profile that allows (kube-controllers/pkg/controllers/node/hostendpoints.go). */
export function isAutomatic({ labels }: HostEndpoint): boolean {
  return labels['projectcalico.org/created-by'] === 'calico-kube-controllers';
}

/** What the upgrade to v3.14 changes: endpoints of all interfaces that somebody made by hand. */
export function isManualAllInterfaces(endpoint: HostEndpoint): boolean {
  return isAllInterfaces(endpoint) && !isAutomatic(endpoint);
}

/** The one endpoint of all interfaces that Felix uses on a node: the alphabetically first (felix/dataplane/linux/endpoint_mgr.go, resolveHostEndpoints). */
export function effectiveEndpoint(endpoints: readonly HostEndpoint[], node: string): HostEndpoint | undefined {
  return endpoints
    .filter((endpoint) => isAllInterfaces(endpoint) && endpoint.spec.node === node)
    .sort((a, b) => (a.name < b.name ? -1 : 1))[0];
}
