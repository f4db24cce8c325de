/**
 * Most commands end within half a second. On Node 20 the optimizing compiler takes a quarter of that for code that then hardly runs again, so it is asked to wait
 * fifteen times longer; what runs for seconds is still optimized. Later releases have a compiler between the two, and don't know this flag.
 * Holds for what is loaded afterwards.
 */
export async function tuneForShortRun(): Promise<void> {
  if (!process.versions.node.startsWith('20.')) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--interrupt-budget=1000000');
}
