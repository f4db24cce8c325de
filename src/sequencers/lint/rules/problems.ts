import type { DocumentProblem } from '../../manifests/manifest.ts';
import type { ManifestSet } from '../model.ts';
import type { Remark } from '../rule.ts';

/** The reader's problems of one code as remarks. */
export function problemsOf({ problems }: ManifestSet, code: DocumentProblem['code']): readonly Remark[] {
  return problems.filter((problem) => problem.code === code).map(({ file, line, message }) => ({ place: { file, line }, message }));
}
