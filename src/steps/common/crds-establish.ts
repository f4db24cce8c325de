import * as z from 'zod';
import { defineStep } from '../step.ts';
import { recordAccess } from './access.ts';

export const crdOutlineSchema = z.strictObject({
  name: z.string().min(1),
  approved: z.string().optional(),
  group: z.string().min(1),
  names: z.record(z.string(), z.unknown()),
  scope: z.string(),
  versions: z.array(z.strictObject({ name: z.string(), served: z.boolean(), storage: z.boolean() })).min(1),
});

/** A custom resource definition without its schemas. */
export interface CrdOutline {
  readonly name: string;
  /** Annotation `api-approved.kubernetes.io`, which groups below k8s.io need. */
  readonly approved?: string | undefined;
  readonly group: string;
  readonly names: object;
  readonly scope: string;
  readonly versions: readonly { readonly name: string; readonly served: boolean; readonly storage: boolean }[];
}

/**
 * A CRD is not established in the moment in which it is created (with several API servers: for five seconds). Argo CD calls that degraded and fails
 * the wave for good (argo-cd v3.2, resource_customizations/apiextensions.k8s.io). So new ones are there before the sync; the vendor's schemas follow with it.
 */
export const crdsEstablish = defineStep({
  name: 'crds-establish',
  summary: 'Creates custom resource definitions that are missing, without their schemas yet, and waits until the API server has established them.',
  ahead: true,
  params: z.object({
    file: z.string().min(1).describe('Path of a JSON list of custom resource definitions without their schemas.'),
  }),
  access: (_params, identity) => [
    ...recordAccess(identity, 'write'),
    { apiGroup: 'apiextensions.k8s.io', resources: ['customresourcedefinitions'], verbs: ['get', 'create'] },
  ],
});
