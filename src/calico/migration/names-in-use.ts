/** Which v1 object holds which v3 name, to find clashes. */
export interface NamesInUse {
  /** Notes that `holder` has the name and returns who had it before. The latest one stays noted, as upstream does. */
  claim(scope: string, name: string, holder: string): string | undefined;
  /** Forgets the names of a scope that nothing can clash with any more. */
  forget(scope: string): void;
}

export function namesInUse(): NamesInUse {
  const scopes = new Map<string, Map<string, string>>();
  return {
    claim(scope, name, holder) {
      const holders = scopes.get(scope) ?? new Map<string, string>();
      scopes.set(scope, holders);
      const before = holders.get(name);
      holders.set(name, holder);
      return before;
    },
    forget: (scope) => void scopes.delete(scope),
  };
}
