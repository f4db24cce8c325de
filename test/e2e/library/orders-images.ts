import { realpathSync } from 'node:fs';
import { type Entry, writeArchive } from '../../cluster/images/archive.ts';
import { goProgram } from '../../cluster/images/go-program.ts';
import { librariesOf } from '../../cluster/images/runner-image.ts';

/** Stand-ins for the images of examples/library: a tool that says what it was asked for and ends well, a server that takes connections. */
export async function ordersImages(): Promise<{ readonly archive: string }> {
  const node = realpathSync(process.execPath);
  const programs: Record<string, Entry> = { '/stepper': { file: await goProgram('stepper') }, '/node': { file: node } };
  for (const library of await librariesOf(node)) programs[library] = { file: library };
  const archive = await writeArchive(programs, [
    { ref: 'registry.example.com/orders-tool:5.0.0', entrypoint: ['/stepper', 'print'], user: '65532' },
    { ref: 'registry.example.com/orders-db:v5.0.0', entrypoint: ['/node', '-e', "require('node:net').createServer().listen(5432)"], user: '65532' },
  ]);
  return { archive };
}
