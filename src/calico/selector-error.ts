/** A selector that Calico would refuse. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
  /** Offset of the fault in the selector, in characters. */
  readonly position: number;
  constructor(selector: string, position: number, problem: string) {
    super(`selector ${JSON.stringify(excerpt(selector))}, character ${position + 1}: ${problem}`);
    this.position = position;
  }
}

function excerpt(selector: string): string {
  return selector.length > 200 ? `${selector.slice(0, 200)}...` : selector;
}
