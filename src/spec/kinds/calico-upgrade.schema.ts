import * as z from 'zod';
import { duration, filePath, planDigest, release, runner } from '../fields.ts';

const install = z
  .strictObject({
    type: z.literal('manifest').describe('How Calico was installed. Here: by a manifest.'),
    datastore: z.literal('kubernetes').describe('Where Calico keeps its data. Here: in the Kubernetes API.'),
    manifest: filePath.describe("The vendor's manifest of the release in `to`: calico.yaml, canal.yaml, calico-typha.yaml or calico-policy-only.yaml."),
    installed: filePath
      .optional()
      .describe('The manifest that the running release was installed with; shows which live edits the new one would lose. Default: what kubectl noted on the objects.'),
    calicoctl: z
      .union([z.literal('keep'), filePath])
      .optional()
      .describe('What replaces an old calicoctl helper Pod: a vendored manifest, or `keep`. Without it an old helper Pod fails the preflight.'),
  })
  .describe('How Calico is installed, and with which files.');

const overlays = z
  .strictObject({
    config: z.record(z.string(), z.string()).default({}).describe('Keys of ConfigMap calico-config (canal: canal-config), such as veth_mtu.'),
    env: z.record(z.string(), z.string()).default({}).describe('Environment of container calico-node, such as CALICO_IPV4POOL_CIDR.'),
    registry: z
      .string()
      .min(1)
      .refine((text) => /^[a-zA-Z0-9][a-zA-Z0-9._:/-]*[a-zA-Z0-9]$/.test(text) && !text.includes('//'), 'is no registry and path; write it without a scheme, such as registry.example.com/calico')
      .optional()
      .describe("Replaces everything before the last path segment of the vendor's images, such as registry.example.com/calico."),
    patches: z
      .array(
        z.strictObject({
          kind: z.string().min(1).describe('Kind of the object, such as DaemonSet.'),
          name: z.string().min(1).describe('Name of the object.'),
          namespace: z.string().min(1).optional().describe('Namespace of the object. Default: whichever has it.'),
          merge: z.record(z.string(), z.unknown()).describe('JSON merge patch (RFC 7396) on the object.'),
        }),
      )
      .default([])
      .describe('JSON merge patches on single objects of the manifest.'),
  })
  .prefault({})
  .describe("Your local edits, carried onto the vendor's manifest.");

const hostEndpoints = z
  .strictObject({
    guard: z.boolean().default(true).describe('Give calico-node an init container that holds while its node has an unprotected `*` host endpoint.'),
    acknowledgeDenies: z
      .array(z.string().min(1).refine((name) => !/[,\s]/.test(name), 'is not the name of a policy; write a list, one name a line'))
      .default([])
      .describe('Policies whose explicit Deny on `*` host endpoints may come alive with release v3.14.'),
  })
  .prefault({})
  .describe('Host endpoints with `interfaceName: "*"`; matters only when v3.14 is crossed.');

const cleanup = z
  .strictObject({
    approved: planDigest.optional().describe('Approves the cleanup of the plan with this digest; the alternative to `hookwave approve`.'),
    uncovered: z
      .array(z.string().min(1).refine((name) => !/[,\s]/.test(name), 'is not the name of a host endpoint; write a list, one name a line'))
      .default([])
      .describe('Host endpoints that may lose the temporary policy although nothing else covers them.'),
  })
  .prefault({})
  .describe('The end of the temporary policy.');

const verify = z
  .strictObject({
    stableFor: duration.prefault('30s').describe('How long the cluster has to report the new release without a change: an old calico-node that restarts writes its own back.'),
  })
  .prefault({})
  .describe('When the upgrade counts as done.');

const deadlines = z
  .strictObject({
    preflight: duration.prefault('5m').describe('All preflight checks together.'),
    prepare: duration.prefault('5m').describe('All preparations together.'),
    rollout: duration.prefault('60m').describe('The rollout of calico-node over all nodes; then it is frozen.'),
    stall: duration.prefault('10m').describe('Longest time without any progress of the rollout; then it is frozen.'),
    verify: duration.prefault('10m').describe('The verification after the rollout.'),
    cleanup: duration.prefault('5m').describe('The cleanup.'),
  })
  .prefault({})
  .describe('Everything that waits ends.');

export const calicoUpgradeSpec = z.strictObject({
  from: release.describe('The release that runs now.'),
  to: release.describe('The release to upgrade to.'),
  install,
  overlays,
  hostEndpoints,
  verify,
  cleanup,
  deadlines,
  runner,
});

export type CalicoUpgradeSpec = z.output<typeof calicoUpgradeSpec>;
