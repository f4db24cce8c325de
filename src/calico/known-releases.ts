/** A release whose manifests carry the images of another one. */
export interface ReleaseAlias {
  readonly release: string;
  /** Tag of its images and the version that its calico-node reports. */
  readonly images: string;
  readonly source: string;
}

export const RELEASE_ALIASES: readonly ReleaseAlias[] = [
  { release: 'v3.24.6', images: 'v3.24.5', source: 'projectcalico/calico, tag v3.24.6, manifests/calico.yaml' },
];

/** A release that is no target of an upgrade. */
export interface BadTarget {
  readonly release: string;
  readonly reason: string;
  readonly instead: string;
  readonly source: string;
}

export const BAD_TARGETS: readonly BadTarget[] = [
  {
    release: 'v3.32.0',
    reason: 'its CRDs have a broken OpenAPI schema: server-side apply of BGPConfiguration and of policies fails',
    instead: 'v3.32.1',
    source: 'projectcalico/calico, release notes of v3.32.1: #12705, #12906, #12637',
  },
];
