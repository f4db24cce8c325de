import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderYaml } from '../../../../src/constructs/render.ts';
import { helm } from '../../../../src/sequencers/helm/helm.ts';
import { upstream, hasUpstream } from '../../../upstream.ts';
import { calicoChart } from './calico-chart.ts';
import { Demo } from './demo.ts';
import { differences } from './differences.ts';
import { helmsOwnWay } from './helms-own-way.ts';
import { hostileText, LINE_OF_A_BLANK } from './hostile-text.ts';
import { byIdentity, exampleChart, EXAMPLES, objectsIn, plainObjects } from './objects.ts';
import { helms, run, withChart } from './real-helm.ts';

for (const tool of helms) {
  describe.skipIf(!tool.present)(tool.title, () => {
    test.each(EXAMPLES)('renders the plain synthesis of %s from the defaults, but for what Helm does in another way; warns of nothing', async (name) => {
      const chart = await exampleChart(name);
      await withChart(chart.identity.upgrade, helm(chart), async (folder) => {
        const rendered = objectsIn(await run(tool, 'template', chart.identity.upgrade, folder));
        const said = await run(tool, 'lint', '--strict', folder);
        expect(differences(plainObjects(await exampleChart(name)), rendered)).toEqual(helmsOwnWay(name));
        expect(said).toContain('1 chart(s) linted, 0 chart(s) failed');
        expect(said).not.toMatch(/WARNING|ERROR/);
      });
    });

    test('values reach images, deadlines and flags, in all units', async () => {
      const set = ['--set', 'runner.image=mirror.example.com/runner:2,runner.imagePullPolicy=Always,deadlines.rollout=2h,deadlines.verify=90s,deadlines.stall=15m'];
      const objects = byIdentity(objectsIn(await withChart('calico', helm(await exampleChart()), (folder) => run(tool, 'template', 'calico', folder, ...set))));
      const rollout = objects.get('Job hookwave-calico/hookwave-calico-rollout');
      expect(rollout?.spec?.activeDeadlineSeconds).toBe(7200 + 240);
      expect(rollout?.spec?.template?.spec.containers?.[0]).toMatchObject({ image: 'mirror.example.com/runner:2', imagePullPolicy: 'Always' });
      expect(rollout?.spec?.template?.spec.containers?.[0]?.args).toEqual(expect.arrayContaining(['--rollout-seconds=7200', '--deadline-seconds=7320', '--stall-seconds=900']));
      expect(objects.get('Pod hookwave-calico/hookwave-calico-test')?.spec?.containers?.[0]?.args).toContain('--timeout-seconds=90');
    });

    test.each(['runner.imagePullPolicy=Sometimes', 'deadlines.rollout=soon', 'deadlines.unknown=1m', 'overlays.env.X=1'])('refuses %s', async (set) => {
      await expect(withChart('calico', helm(await exampleChart()), (folder) => run(tool, 'template', 'calico', folder, '--set', set))).rejects.toThrow(/values don't meet the specifications of the schema/);
    });

    test('leaves the namespace out where Helm lives in it, and where it is not wanted', async () => {
      const kinds = (...args: readonly string[]) => withChart('demo', helm(new Demo()), async (folder) => objectsIn(await run(tool, 'template', 'demo', folder, ...args)).map(({ kind }) => kind));
      expect(await kinds()).toContain('Namespace');
      expect(await kinds('--namespace', 'hookwave-demo')).not.toContain('Namespace');
      expect(await kinds('--set', 'namespace.create=false')).not.toContain('Namespace');
    });

    test('prints notes with the timeout that the deadlines need', async () => {
      const files = helm(await exampleChart());
      const notes = files.map((file) => (file.name === 'templates/NOTES.txt' ? { ...file, name: 'templates/tests/notes.yaml', text: asConfigMap(file.text) } : file));
      const rendered = await withChart('calico', notes, (folder) => run(tool, 'template', 'calico', folder, '-n', 'kube-system', '--set', 'deadlines.rollout=30m'));
      const text = objectsIn(rendered).find(({ metadata }) => metadata.name === 'notes')?.data?.['text'];
      expect(text).toContain('CalicoUpgrade calico: v3.13.4 to v3.32.1, plan ');
      expect(text).toContain('`--timeout 35m`');
      expect(text).toContain('helm test calico -n kube-system');
      expect(text).toContain('needs `--force` with Helm 3');
    });

    test('any text of a vendor survives, byte for byte', async () => {
      const texts = [LINE_OF_A_BLANK, ...fc.sample(hostileText, { numRuns: 300, seed: 4 })];
      const vendor = texts.map((text, index) => renderYaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `theirs-${index}` }, data: { text } })).join('---\n');
      const rendered = await withChart('demo', helm(new Demo({ vendor })), (folder) => run(tool, 'template', 'demo', folder));
      const objects = byIdentity(objectsIn(rendered));
      for (const [index, text] of texts.entries()) expect(objects.get(`ConfigMap /theirs-${index}`)?.data).toEqual({ text });
    });

    test('any text of a user survives in files and flags', async () => {
      for (const text of [LINE_OF_A_BLANK, ...fc.sample(hostileText, { numRuns: 3, seed: 7 })]) {
        const objects = byIdentity(objectsIn(await withChart('demo', helm(new Demo({ text })), (folder) => run(tool, 'template', 'demo', folder))));
        expect(objects.get('ConfigMap hookwave-demo/hookwave-demo-preflight')?.data).toEqual({ 'text.txt': text });
        expect(objects.get('Job hookwave-demo/hookwave-demo-preflight')?.spec?.template?.spec.containers?.[0]?.args).toContain(`--what=${text}`);
      }
    });

    test.skipIf(!hasUpstream).each(['v3.32.1/calico.yaml', 'v3.30.7/calico-typha.yaml'])("upstream's %s renders as it is, and lints (skipped where upstream's files are absent)", async (name) => {
      const chart = () => calicoChart(upstream(`calico/${name}`), name.split('/')[0] ?? '');
      await withChart('calico', helm(chart()), async (folder) => {
        expect(differences(plainObjects(chart()), objectsIn(await run(tool, 'template', 'calico', folder)))).toEqual(helmsOwnWay('calico-manifest'));
        expect(await run(tool, 'lint', '--strict', folder)).not.toMatch(/WARNING|ERROR/);
      });
    });
  });
}

/** Notes are not part of what `helm template` prints. */
function asConfigMap(notes: string): string {
  const lines = notes.trimEnd().split('\n').slice(1).map((line) => `    ${line}`);
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\ndata:\n  text: |\n${lines.join('\n')}\n`;
}
