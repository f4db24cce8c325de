import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { container, digest, HookJob, InitGuard, Marker, onceJobsClear, place, placement, UpgradeChart, UpgradeNamespace, use, type UpgradeIdentity, type UpgradeSummary } from 'hookwave';

export interface DatabaseUpgradeProps {
  readonly from: string;
  readonly to: string;
  /** Image with the `orders` migration tool. */
  readonly tool: string;
}

/** A recipe of your own: a database server and what has to happen around its upgrade. */
export class DatabaseUpgrade extends UpgradeChart {
  readonly identity: UpgradeIdentity;
  readonly summary: UpgradeSummary;

  constructor(scope: Construct, id: string, { from, to, tool }: DatabaseUpgradeProps) {
    super(scope, id);
    // What makes it another upgrade: everything that an approval or a record of this one should not count for.
    this.identity = { upgrade: id, namespace: `hookwave-${id}`, plan: digest({ from, to, tool }) };
    this.summary = { kind: 'DatabaseUpgrade', from, to, notes: [] };
    new UpgradeNamespace(this, 'namespace');

    const step = (name: string, summary: string, ...args: string[]) => container({ name, summary, image: tool, args });
    new HookJob(this, 'preflight', {
      phase: 'preflight',
      why: 'stops before anything changes when the database is not ready',
      deadlineSeconds: 300,
      steps: [step('replication', 'Fails when a replica lags behind.', 'check', 'replication'), step('space', 'Fails when the disk is too full for a copy.', 'check', 'space')],
    });
    new HookJob(this, 'prepare', {
      phase: 'prepare',
      why: 'makes a copy that the upgrade can go back to',
      deadlineSeconds: 3600,
      backoffLimit: 1,
      steps: [use(onceJobsClear, {}), step('backup', 'Makes a backup unless this plan has one.', 'backup', '--once', this.identity.plan)],
    });
    this.#backupReport(tool);

    const server = this.#server(to);
    place(server, { placement: placement('upgrade', 0, 'tracked'), why: `the server, release ${to}` });
    new InitGuard(this, 'guard', {
      workload: ApiObject.of(server),
      why: 'a new server must not open data that nobody has saved',
      step: container({
        name: 'backup-exists',
        summary: 'Waits for the backup of this plan.',
        image: tool,
        args: ['wait', 'backup', this.identity.plan],
        access: [{ apiGroup: '', resources: ['configmaps'], resourceNames: ['backups'], verbs: ['get', 'watch'], namespace: 'orders' }],
      }),
    });

    new HookJob(this, 'migrate', {
      phase: 'verify',
      mode: 'tracked',
      why: 'migrates the tables, once per plan',
      deadlineSeconds: 3600,
      steps: [step('migrate', 'Brings the tables to the release; does nothing when they are.', 'migrate', to)],
    });
    new Marker(this, 'marker', this.summary);
  }

  /** Any construct can hold objects; `place` gives all of them their place. */
  #server(release: string): kplus.StatefulSet {
    const server = new kplus.StatefulSet(this, 'server', {
      metadata: { name: 'orders-db', namespace: 'orders' },
      replicas: 1,
      automountServiceAccountToken: true, // the guard asks the Kubernetes API
      service: new kplus.Service(this, 'service', { metadata: { name: 'orders-db', namespace: 'orders' }, ports: [{ port: 5432 }] }),
      containers: [{ name: 'server', image: `registry.example.com/orders-db:${release}`, portNumber: 5432 }],
    });
    place(this.node.findChild('service'), { placement: placement('upgrade', -1, 'tracked'), loose: true, why: 'the name of the server' });
    return server;
  }

  /** A Job that you have already, as a hook. */
  #backupReport(image: string): void {
    const job = new ApiObject(this, 'report', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'orders-backup-report', namespace: 'orders' },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 300,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'report', image, args: ['report'] }] } },
      },
    });
    place(job, { placement: placement('prepare', 1, 'hook'), why: 'tells the team where the backup is' });
  }
}
