/** ConfigMap with the undo data of host endpoints, in the namespace of the hooks. */
export function undoName({ upgrade }: { readonly upgrade: string }): string {
  return `hookwave-${upgrade}-endpoints`;
}
