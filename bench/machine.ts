import { cpus, loadavg, totalmem } from 'node:os';

/** The machine in one line, and what makes its figures doubtful. */
export function describeMachine(): { readonly line: string; readonly warning?: string } {
  const [load = 0] = loadavg();
  const processors = cpus();
  const line = `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, load ${load.toFixed(1)}`;
  if (load <= processors.length / 2) return { line };
  return { line, warning: `the machine is busy (load ${load.toFixed(1)} on ${processors.length} processors): believe ratios, of CPU time more than of wall time, and no single figure` };
}
