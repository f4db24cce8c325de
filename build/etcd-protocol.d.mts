import type { Plugin } from 'esbuild';

export const etcdProtocol: Plugin;
