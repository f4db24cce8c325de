import { describe, expect, it, vi } from 'vitest';
import { evidence } from '../../../src/sequencers/lint/evidence.ts';
import { aggregatedApi } from './argo-aggregated-api.ts';
import { annotations } from './argo-annotations.ts';
import { deleteHooks } from './argo-delete-hooks.ts';
import { documents } from './argo-documents.ts';
import { jobs } from './argo-jobs.ts';
import { order, syncTimeout } from './argo-order.ts';
import { policies } from './argo-policies.ts';
import { statusAndSync } from './argo-status.ts';
import { judgedTrials, useTrials } from './trials.ts';

// What the rules of lint say about Argo CD, shown in the real one: the harm of the bad example, and that the good one does none.
vi.setConfig({ maxConcurrency: 24 });
useTrials();

describe.concurrent('what is waited for', () => {
  order();
  jobs();
});
describe.concurrent('what is read, and what is left behind', () => {
  statusAndSync();
  deleteHooks();
  policies();
  documents();
  annotations();
});
it('a trial that is called bad breaks its rule, and one that is called good does not', () => {
  const judged = judgedTrials();
  const misnamed = judged.filter(({ name, codes }) => {
    const [, code = '', word] = /^(.+)-(bad|good)$/.exec(name) ?? [];
    return word && codes.includes(code) !== (word === 'bad');
  });
  expect(misnamed).toEqual([]);
  const shown = Object.entries(evidence).flatMap(([code, { shown: engines }]) => (engines.includes('argo') ? [code] : []));
  expect(shown.filter((code) => !judged.some(({ name, codes }) => name.startsWith(`${code}-`) && codes.includes(code)))).toEqual([]);
});
describe('a controller with a timeout for syncs', syncTimeout);
// Last, and alone: it takes the discovery of the whole cluster down.
describe('a broken aggregated API', aggregatedApi);
