import * as z from 'zod';
import type { AccessRule } from '../steps/step.ts';
import type { StepUse } from './runner-container.ts';

/** A program of your own as a step: any image, in a container with the defaults of all steps. */
export interface OwnContainer {
  /** Name of the container, at most 40 characters. */
  readonly name: string;
  /** One sentence for `hookwave plan`. */
  readonly summary: string;
  readonly image: string;
  /** @default IfNotPresent */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** @default the image's entrypoint */
  readonly command?: readonly string[];
  /** @default the image's arguments */
  readonly args?: readonly string[];
  /** @default only POD_NAME, POD_NAMESPACE, POD_UID and JOB_NAME, which every step has */
  readonly env?: Readonly<Record<string, string>>;
  /** What the program does with the Kubernetes API: the Job's account may do just this. @default nothing */
  readonly access?: readonly AccessRule[];
  /** Kubernetes resource requirements. @default requests of 10m CPU and 64Mi memory, no limits */
  readonly resources?: object;
  /** Changes to the container's security context. @default not root (65532), read-only root file system, no capabilities */
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

/**
 * Your own image as a step of a `HookJob` or as an `InitGuard`. It has to be safe to run twice. Exit code 0 is success; 10, 11, 30 and 64 fail the Job for good,
 * any other is tried again as often as the Job's `backoffLimit` says.
 * @throws Error for a name that is no name of a container
 */
export function container(own: OwnContainer): StepUse {
  if (own.name.length > MAX_NAME || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(own.name)) {
    throw new Error(`"${own.name}" is no name of a step: use lower-case letters, digits and "-", at most ${MAX_NAME} characters`);
  }
  const { name, summary, access = [] } = own;
  return { definition: { name, summary, params: z.object({}), access: () => access }, params: {}, container: own };
}

const MAX_NAME = 40;
