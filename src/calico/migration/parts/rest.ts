import type { Outcome } from '../model.ts';
import type { PartConverter } from './part.ts';

/** Children of Calico's directories that other parts read, or that hold no configuration. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '/calico': ['v1', 'bgp', 'ipam', 'resources'],
  '/calico/v1': ['Ready', 'config', 'host', 'ipam', 'policy'],
  '/calico/v1/policy': ['tier', 'profile'],
  '/calico/bgp/v1': ['global', 'host'],
  '/calico/ipam/v2': ['assignment', 'host', 'handle', 'config'],
};

/** What lies beside everything that is converted. */
export const convertRest: PartConverter = function* (entries) {
  for (const { path } of entries) {
    const parent = path.slice(0, path.lastIndexOf('/'));
    const name = path.slice(parent.length + 1);
    if (!KNOWN[parent]?.includes(name)) yield skip(path);
  }
};

function skip(path: string): Outcome {
  const why = path === '/calico/felix' ? 'status reports, which Felix writes again' : 'no part of the v1 model that Calico 2.6 reads';
  return { is: 'skipped', v1: path, why };
}
