import type { Surroundings } from '../commands/surroundings.ts';
import type { MigrationStatus } from '../contract.ts';
import { announcer, ending, guarded, notNeeded, type HookEnding } from './guard.ts';

/** Holds kube-controllers until the data are migrated; starts nothing. 0: they are, or there are none; 1: deadline or error. */
export function controllerInit(around: Surroundings): Promise<HookEnding> {
  return guarded(around, async (guard) => {
    const announce = announcer(around);
    while (true) {
      const status = await guard.status();
      if (!status.needed) return notNeeded(around);
      announce(waiting(status));
      if (!(await guard.pause())) return ending(around, `The data are not migrated after ${guard.options.deadlineSeconds} s (HOOKWAVE_DEADLINE_SECONDS); look at the init containers of calico-node`);
    }
  });
}

function waiting({ state, inProgress }: MigrationStatus): string {
  return inProgress ? `Migration is in progress${state.owner === undefined ? '' : ` (${state.owner})`}. Waiting for its end.` : 'The data are not migrated yet. Waiting for calico-node to start the migration.';
}
