/** Limit of the kubelet for one container. */
const MAX_BYTES = 4096;

/** The last words of a container, cut to what Kubernetes keeps, never in the middle of a character. */
export function lastWords(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_BYTES) return text;
  let end = MAX_BYTES - 3;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.subarray(0, end).toString()}...`;
}
