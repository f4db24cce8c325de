#!/usr/bin/env node
import { tuneForShortRun } from './short-run.ts';

await tuneForShortRun();
// Only now, so that it holds for everything that is loaded.
const { commandLine } = await import('./command-line.ts');
process.exitCode = await commandLine(process.argv.slice(2));
