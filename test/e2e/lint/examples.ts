import { exampleJob, type ExampleJob } from '../../../src/sequencers/lint/example.ts';
import { rules } from '../../../src/sequencers/lint/rules/index.ts';
import { type Image, writeArchive } from '../../cluster/images/archive.ts';
import { goProgram } from '../../cluster/images/go-program.ts';

const ARGO = 'argocd.argoproj.io';

/** The image that the examples of rules name, a stand-in: prints a word and ends well, or runs the arguments of a variant. The image of the example DaemonSet is not there, so it never gets ready. */
export async function exampleImage(): Promise<Image> {
  const ref = 'registry.example.com/migrate:1.2.3';
  const archive = await writeArchive({ '/stepper': { file: await goProgram('stepper') } }, [{ ref, entrypoint: ['/stepper'], cmd: ['print', 'migrated'], user: '65532' }]);
  return { ref, archive };
}

/** A rule's own examples, as its page shows them. */
export function examplesOf(code: string): { readonly bad: string; readonly good: string } {
  const rule = rules.find((one) => one.code === code);
  if (!rule) throw new Error(`there is no rule ${code}`);
  return { bad: rule.bad, good: rule.good };
}

export function argoHook(type: string, policy?: string, ...more: readonly string[]): readonly string[] {
  return [`${ARGO}/hook: ${type}`, ...(policy ? [`${ARGO}/hook-delete-policy: ${policy}`] : []), ...more.map((one) => `${ARGO}/${one}`)];
}

/** Arguments of the stand-in, such as `sleep 600` or `exit 1`. */
export function runs(...args: readonly string[]): Pick<ExampleJob, 'container'> {
  return { container: [`args: ${JSON.stringify(args)}`] };
}

/** A hook Job with some other command. */
export function hookJob(type: string, options: Partial<ExampleJob> & { readonly policy?: string } = {}): string {
  return exampleJob({ annotations: argoHook(type, options.policy ?? 'BeforeHookCreation'), pod: ['restartPolicy: Never', 'terminationGracePeriodSeconds: 1'], ...options });
}
