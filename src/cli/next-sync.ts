import type { Cluster, KubeObject } from '../kube/cluster.ts';
import { type Application, applicationOf, APPLICATIONS, syncHint, syncPatch } from '../sequencers/argo/next-sync.ts';

/** Starts a full sync of the Application that tracks the marker, where that is possible. Returns one sentence on what happened or what to do. */
export async function startNextSync(cluster: Cluster, marker: KubeObject): Promise<string> {
  const owner = applicationOf(marker);
  if (!owner) return 'Start the next sync of the Application, or the next `helm upgrade`, for it to take effect.';
  const byHand = `Start the next sync with \`${syncHint(owner.name)}\`.`;
  for (let attempt = 1; ; attempt++) {
    const application = await find(cluster, owner).catch(() => undefined);
    if (!application) return byHand;
    if (application.operation) return `A sync of ${owner.name} is running; it may be past the hook. ${byHand}`;
    try {
      await cluster.mergePatch(APPLICATIONS, application, syncPatch(application));
      return `Started a sync of Application ${application.metadata.namespace}/${owner.name}.`;
    } catch (error) {
      // The application-controller writes its status all the time.
      if (attempt === ATTEMPTS) return `A sync could not be started (${error instanceof Error ? error.message : String(error)}). ${byHand}`;
    }
  }
}

const ATTEMPTS = 5;

async function find(cluster: Cluster, { name, namespace }: { readonly name: string; readonly namespace?: string }): Promise<Application | undefined> {
  if (namespace) return cluster.get<Application>(APPLICATIONS, name, namespace);
  const applications = await cluster.list<Application>(APPLICATIONS, { fields: `metadata.name=${name}` });
  return applications.length === 1 ? applications[0] : undefined;
}
