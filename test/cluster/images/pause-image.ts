import { type Image, writeArchive } from './archive.ts';
import { goProgram } from './go-program.ts';

/** The image of every Pod's sandbox. */
export async function pauseImage(): Promise<Image> {
  const ref = 'hookwave.test/pause:1';
  const archive = await writeArchive({ '/pause': { file: await goProgram('pause') } }, [{ ref, entrypoint: ['/pause'] }]);
  return { ref, archive };
}
