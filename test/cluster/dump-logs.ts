import { existsSync, readFileSync } from 'node:fs';

import type { KubeClient } from './kubectl.ts';
import type { Workspace } from './workspace.ts';

const linesShown = 25;

/** Prints what helps to understand a failure; never throws. */
export async function dumpLogs(workspace: Workspace, client?: KubeClient): Promise<void> {
  for (const process of uniqueByLog(workspace.processes)) {
    const ended = process.ended();
    console.error(`--- ${process.name}${ended ? ` (ended: ${ended})` : ''}: end of ${process.log}\n${tail(process.log)}`);
  }
  if (!client) return;
  const questions = [
    ['get', 'pods', '-A', '-o', 'wide'],
    ['get', 'events', '-A', '--sort-by=.lastTimestamp'],
    ['get', 'applications.argoproj.io', '-n', 'argocd', '-o', 'jsonpath={range .items[*]}{.metadata.name}: {.status.operationState}{"\\n"}{end}'],
  ];
  for (const question of questions) {
    const answer = await client.kubectl(question).catch((error: Error) => error.message);
    console.error(`--- kubectl ${question.slice(0, 4).join(' ')}\n${answer.split('\n').slice(-60).join('\n')}`);
  }
}

function uniqueByLog(processes: Workspace['processes']): Workspace['processes'] {
  return [...new Map(processes.map((process) => [process.log, process])).values()];
}

function tail(file: string): string {
  if (!existsSync(file)) return '(no log)';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-linesShown).map((line) => line.slice(0, 500)).join('\n');
}
