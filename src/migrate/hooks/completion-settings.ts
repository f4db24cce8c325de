import { seconds } from '../commands/seconds.ts';
import type { Env } from '../config/environment.ts';
import { ConfigError, type ConfigProblem } from '../config/problems.ts';
import { expectedImage, type ExpectedImage } from './expected-image.ts';
import { parseJsonPath } from './json-path.ts';

/** Which rollout the completion Job waits for. */
export interface CompletionSettings {
  readonly namespace: string;
  readonly daemonset: string;
  /** Label selector that the DaemonSet must fit. */
  readonly selector: string;
  /** Images that the selector finds in a list of DaemonSets. */
  readonly images: (list: { readonly items: readonly unknown[] }) => readonly unknown[];
  readonly expected: ExpectedImage;
  /** How long a DaemonSet may be missing or carry another image, seconds. */
  readonly settleSeconds: number;
  readonly warnings: readonly string[];
}

const DEFAULT_IMAGE = 'quay.io/calico/node:v3.1.1';

/** @throws ConfigError with everything that is wrong */
export function completionSettings(env: Env): CompletionSettings {
  const value = (name: string): string | undefined => env[name] || undefined;
  const daemonset = value('DS_NAME') ?? 'calico-node';
  const namespace = value('NAMESPACE') ?? 'kube-system';
  const image = value('EXPECTED_NODE_IMAGE');
  const problems: ConfigProblem[] = [];
  const read = <T>(where: string, fix: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      problems.push({ where, message: error instanceof Error ? error.message : String(error), fix });
      return undefined;
    }
  };
  const expected = read('EXPECTED_NODE_IMAGE', "write the image of the new DaemonSet's calico-node container with its tag, such as quay.io/calico/node:v3.1.7", () => expectedImage(image ?? DEFAULT_IMAGE));
  const withName = (text: string): string => text.replace(/\$(DS_NAME\b|\{DS_NAME\})/g, () => daemonset);
  const path = withName(value('DS_IMAGE_SELECTOR') ?? DEFAULT_SELECTOR);
  const images = read('DS_IMAGE_SELECTOR', 'leave it out unless the container is not called calico-node', () => parseJsonPath(path));
  for (const [name, text] of [['DS_NAME', daemonset], ['NAMESPACE', namespace]] as const) {
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text)) problems.push({ where: name, message: 'is no name of a Kubernetes object', fix: 'correct it' });
  }
  const settleSeconds = read('HOOKWAVE_SETTLE_SECONDS', 'write a number', () => seconds(env, 'HOOKWAVE_SETTLE_SECONDS', 300));
  if (!expected || !images || settleSeconds === undefined || problems.length > 0) throw new ConfigError(problems);
  const selector = withName(value('DS_SELECTOR') ?? DEFAULT_LABELS);
  const warnings = image === undefined ? [`EXPECTED_NODE_IMAGE is not set, so ${DEFAULT_IMAGE} is expected; set it to the image of the new DaemonSet`] : [];
  return { namespace, daemonset, selector, images, expected, settleSeconds, warnings };
}

const DEFAULT_LABELS = 'k8s-app=$DS_NAME';
const DEFAULT_SELECTOR = "{.items[?(@.metadata.name=='$DS_NAME')].spec.template.spec.containers[?(@.name=='calico-node')].image}";
