import { parseSelector } from '../../selector.ts';
import type { FieldProblem } from './problem.ts';

export function selectorProblems(field: string, selector: string): readonly FieldProblem[] {
  try {
    parseSelector(selector);
    return [];
  } catch (error) {
    return [{ field, value: selector, reason: (error as Error).message }];
  }
}
