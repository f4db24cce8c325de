/**
 * Makes any text survive Go's template engine byte for byte: what opens an action is written by an action. A closing `}}` outside of one is plain text.
 * A brace at the very end is written so, too, because a template may follow.
 */
export function escapeTemplate(text: string): string {
  return text.replace(/\{\{|\{$/g, (braces) => `{{"${braces}"}}`);
}
