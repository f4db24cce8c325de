/** Documents as the items of one List. @param head lines between kind and items */
export function listOf(documents: readonly string[], head = ''): string {
  return `apiVersion: v1\nkind: List\n${head}items:\n${documents.map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`;
}
