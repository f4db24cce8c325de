import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Placement } from '../plan/placement.ts';

/** What synthesis knows of an object beyond its manifest. */
export interface Placed {
  readonly placement: Placement;
  /** One sentence for `plan`: why the object is there. */
  readonly why: string;
  /** What it gives account, rights or files to: the id of a job, or of a guard. @default the object stands for itself */
  readonly serves?: string;
  /** File of the output that holds it, without extension. @default the file of its phase */
  readonly file?: string;
  /** The wave is a wish: a sequencer that cannot wait in the middle of the upgrade may apply the object with the rest. @default false */
  readonly loose?: boolean;
  /** The upgrade is as safe without it: a sequencer that has no place for its phase may leave it out. @default false */
  readonly optional?: boolean;
}

const placed = new WeakMap<ApiObject, Placed>();
const sequenced = new WeakSet<ApiObject>();

/**
 * Gives everything below a construct that has none yet its place in the upgrade. Until a sequencer has turned it into annotations, such an object fails the
 * validation of `app.synth()`.
 * @throws Error for a construct without objects of its own to place
 */
export function place(construct: IConstruct, details: Placed): void {
  const objects = objectsOf(construct).filter((object) => !placed.has(object));
  if (objects.length === 0) throw new Error(`${construct.node.path} has no object without a place; each object is placed once`);
  for (const object of objects) {
    placed.set(object, details);
    object.node.addValidation({
      validate: () =>
        sequenced.has(object)
          ? []
          : [`${object.kind} ${object.name} has a place in ${details.placement.phase} but no sequencer has seen it: call argo(chart) or helm(chart) before app.synth()`],
    });
  }
}

export function placedOf(object: ApiObject): Placed | undefined {
  return placed.get(object);
}

/** Called by sequencers once the object carries its annotations. */
export function markSequenced(object: ApiObject): void {
  sequenced.add(object);
}

export function isSequenced(object: ApiObject): boolean {
  return sequenced.has(object);
}

/** All objects below a construct, in the order of the tree. */
export function objectsOf(root: IConstruct): readonly ApiObject[] {
  return root.node.findAll().filter((node) => ApiObject.isApiObject(node));
}
