import { assess } from '../../calico/assess.ts';
import { noteStep } from '../../plan/record.ts';
import type { StepContext, StepRun } from '../step.ts';
import { calicoDiagnose } from './calico-diagnose.ts';
import { diagnose } from '../rollout/diagnosis.ts';
import { workloadOf } from '../rollout/workload-params.ts';

type Params = Parameters<StepRun<typeof calicoDiagnose.params>>[0];

/** The run record is one ConfigMap for all steps. */
const NOTE_MAXIMUM = 4000;

/** Always ends well: a failing hook of the failure path would hide what it is about. */
export const runCalicoDiagnose: StepRun<typeof calicoDiagnose.params> = async (params, context) => {
  const message = (await orReason(() => findings(params, context), 'could not look')).slice(0, NOTE_MAXIMUM);
  const { identity, clock, record } = context;
  const at = new Date(clock.now()).toISOString();
  const noted = await orReason(async () => {
    await record.update((current) => noteStep(current, calicoDiagnose.name, { outcome: 'done', message, at, plan: identity.plan }));
    return '';
  }, 'could not write the run record');
  return { outcome: 'done', message: noted === '' ? message : `${noted}\n${message}` };
};

async function findings(params: Params, context: StepContext): Promise<string> {
  const { record } = await context.record.read();
  const found = await assess(context.cluster, workloadOf(params), { plan: context.identity.plan, from: params.from, to: params.to }, record);
  if (found.due === 'absent' || found.due === 'partial') return found.reason;
  const { state, message, troubles } = found.rollout;
  const pods = await diagnose(context, params.namespace, troubles);
  return [`rollout ${state}: ${message}`, pods].filter(Boolean).join('\n');
}

async function orReason(work: () => Promise<string>, prefix: string): Promise<string> {
  try {
    return await work();
  } catch (error) {
    return `${prefix}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
