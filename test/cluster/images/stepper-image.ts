import { type Image, writeArchive } from './archive.ts';
import { goProgram } from './go-program.ts';

/** `hookwave.test/stepper:1` plays the steps of hooks: see standins/stepper/main.go for its commands. */
export async function stepperImage(): Promise<Image> {
  const ref = 'hookwave.test/stepper:1';
  const archive = await writeArchive({ '/stepper': { file: await goProgram('stepper') } }, [
    { ref, entrypoint: ['/stepper'], user: '65532' },
  ]);
  return { ref, archive };
}
