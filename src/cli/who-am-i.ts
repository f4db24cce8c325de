import { userInfo } from 'node:os';
import type { Cluster, KubeObject } from '../kube/cluster.ts';
import { SELF_SUBJECT_REVIEWS } from '../kube/resources.ts';

interface SelfSubjectReview extends KubeObject {
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

/** The user as the API server knows it (SelfSubjectReview, Kubernetes 1.28), else the user of this machine. */
export async function whoAmI(cluster: Cluster): Promise<string> {
  const question = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: { name: 'me' } };
  const answer = await cluster.create<SelfSubjectReview>(SELF_SUBJECT_REVIEWS, question).catch(() => undefined);
  return answer?.status?.userInfo?.username ?? userInfo().username;
}
