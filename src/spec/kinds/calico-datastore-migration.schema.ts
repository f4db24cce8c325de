import * as z from 'zod';
import { duration, filePath, objectName, runner } from '../fields.ts';

const image = z
  .string()
  .regex(/^[^\s@]+:[\w][\w.-]{0,127}$/, 'is not an image with a tag; write it as the manifest has it, such as quay.io/calico/node:v3.1.7')
  .describe("calico-node's image after the migration, as the manifest has it.");

const install = z
  .strictObject({
    manifest: filePath.describe('Your own manifest of Calico v3 on etcd: DaemonSet calico-node, Deployment calico-kube-controllers, and what belongs to them.'),
    previous: filePath.describe('The manifest that runs now. `direction: abort` goes back to it, so it has to be here before there is a need for it.'),
    daemonset: objectName.default('calico-node').describe('Name of the DaemonSet, in both manifests.'),
    container: objectName.default('calico-node').describe('Container of the DaemonSet whose image is the release.'),
    deployment: objectName.default('calico-kube-controllers').describe("Name of the controllers' Deployment, in both manifests."),
  })
  .describe('What runs before and after.');

const key = z.string().min(1);

const userKeys = z
  .strictObject({ username: key.default('username').describe('Key with the user name.'), password: key.default('password').describe('Key with the password.') })
  .prefault({});

const mountPath = z.string().regex(/^\//, 'is not an absolute path; write the folder that the paths in the ConfigMap lie in');

const etcd = z
  .strictObject({
    configMap: objectName.default('calico-config').describe('ConfigMap that says where etcd is.'),
    keys: z
      .strictObject({
        endpoints: key.default('etcd_endpoints').describe('Key with the URLs, separated by commas.'),
        ca: key.default('etcd_ca').describe("Key with the path of the CA's certificate; may be missing or empty."),
        cert: key.default('etcd_cert').describe("Key with the path of the client's certificate; may be missing or empty."),
        key: key.default('etcd_key').describe("Key with the path of the client's key; may be missing or empty."),
      })
      .prefault({})
      .describe('Keys of that ConfigMap.'),
    secret: objectName.default('calico-etcd-secrets').describe('Secret with the certificates; may be missing when etcd needs none.'),
    mountPath: mountPath.default('/calico-secrets').describe('Where the paths in the ConfigMap expect that Secret.'),
    credentials: z
      .strictObject({
        secret: objectName.describe('Secret with user names and passwords.'),
        v1: userKeys.describe('Its keys for the v2 API, which has users of its own.'),
        v3: userKeys.describe('Its keys for the v3 API.'),
      })
      .optional()
      .describe('Users of etcd, where it asks for a password. Default: none.'),
    v1: z
      .strictObject({
        configMap: objectName.describe('ConfigMap of the old etcd.'),
        secret: objectName.optional().describe('Secret with the certificates of the old etcd. Default: none.'),
        mountPath: mountPath.default('/calico-v1-secrets').describe('Where the paths in that ConfigMap expect the Secret.'),
      })
      .optional()
      .describe('An etcd of its own for the v1 data, with the same keys. Default: one etcd for both.'),
  })
  .prefault({})
  .describe('How etcd is reached. All of it lies in `namespace`.');

const verify = z
  .strictObject({ stableFor: duration.prefault('30s').describe('How long everything has to run without a change.') })
  .prefault({})
  .describe('When the migration counts as done.');

const deadlines = z
  .strictObject({
    preflight: duration.prefault('10m').describe('All checks, with a conversion of all data that writes nothing.'),
    prepare: duration.prefault('5m').describe('All preparations; with `direction: abort`, the abort.'),
    rollout: duration.prefault('60m').describe('Migration, rollout over all nodes, completion; then the rollout is frozen.'),
    stall: duration.prefault('15m').describe('Longest time without any progress; then the rollout is frozen.'),
    verify: duration.prefault('10m').describe('The verification after the rollout.'),
  })
  .prefault({})
  .describe('Everything that waits ends.');

export const calicoDatastoreMigrationSpec = z.strictObject({
  nodeImage: image,
  namespace: objectName.default('kube-system').describe('Namespace of Calico. Hooks and run record live there, too: the certificates can be mounted nowhere else.'),
  install,
  etcd,
  quiesce: duration.prefault('15s').describe('How long the components of Calico v1 get to notice that they are paused, before their data are read.'),
  direction: z.enum(['migrate', 'abort']).default('migrate').describe('`abort` goes back before the completion: Calico v1 runs on, and the manifest in `install.previous` comes back.'),
  finished: z
    .boolean()
    .default(false)
    .describe('Set it in a commit after the migration is complete: the DaemonSet gets its own update strategy back. Nothing rolls. Refused before the completion.'),
  verify,
  deadlines,
  runner: runner.unwrap().omit({ namespace: true }).prefault({}).describe('The image that runs the hooks and the guards.'),
});

export type CalicoDatastoreMigrationSpec = z.output<typeof calicoDatastoreMigrationSpec>;
