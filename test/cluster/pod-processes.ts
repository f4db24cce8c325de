import { readdirSync, readFileSync } from 'node:fs';

/**
 * Process ids, as the machine sees them, of containers in Pods whose command line contains the text.
 * @param cgroup of the cluster: other clusters on the machine are left alone
 */
export function podProcesses(cgroup: string, text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => contents(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').includes(text))
    .filter((pid) => contents(`/proc/${pid}/cgroup`).includes(`/${cgroup}/`))
    .map(Number);
}

/** Empty when the process has just ended. */
function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
