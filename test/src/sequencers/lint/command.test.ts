import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { lint, type LintCommand } from '../../../../src/cli/lint.ts';
import { exampleJob, EXAMPLE_MARKER } from '../../../../src/sequencers/lint/example.ts';
import { rules } from '../../../../src/sequencers/lint/rules/index.ts';

const root = join(import.meta.dirname, '../../../..');
const GOOD = `${EXAMPLE_MARKER}---\n${exampleJob()}`;
const WARNED = `${EXAMPLE_MARKER}---\n${exampleJob({ spec: ['activeDeadlineSeconds: 9'] })}`;
const BAD = `${EXAMPLE_MARKER}---\n${exampleJob({ spec: ['backoffLimit: 1'] })}`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookwave-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function run(command: Partial<LintCommand>, { interactive = false } = {}) {
  const printed = { out: '', err: '' };
  const io = { interactive, out: (text: string) => void (printed.out += text), err: (text: string) => void (printed.err += text) };
  const code = await lint({ paths: [folder], ...command }, io);
  return { code, out: printed.out.replaceAll(folder, 'X'), err: printed.err.replaceAll(folder, 'X') };
}

describe('exit code', () => {
  test('0 when nothing is found, and for warnings only', async () => {
    write({ 'a.yaml': GOOD });
    expect(await run({})).toEqual({ code: 0, out: '', err: 'nothing found in 2 objects\n' });
    write({ 'a.yaml': WARNED });
    expect(await run({})).toMatchObject({ code: 0, err: '1 warning in 2 objects\n' });
  });

  test('1 for errors, also for those that are not printed or stand in another application', async () => {
    write({ 'good/a.yaml': GOOD, 'bad/a.yaml': BAD });
    expect((await run({ paths: [join(folder, 'good'), join(folder, 'bad')] })).code).toBe(1);
    expect((await run({ paths: [join(folder, 'good')] })).code).toBe(0);
  });

  test('2 for what can not be read, with the reason and nothing judged', async () => {
    write({ 'a.yaml': BAD, 'empty/readme.txt': '', 'chart/Chart.yaml': 'name: x', 'chart/templates/a.yaml': '{{ x }}' });
    writeFileSync(join(folder, 'utf16.yaml'), Buffer.from(`\ufeff${BAD}`, 'utf16le'));
    expect(await run({ paths: [join(folder, 'utf16.yaml')] })).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/X\/utf16.yaml is not UTF-8 text/) as string });
    rmSync(join(folder, 'utf16.yaml'));
    expect(await run({ paths: [join(folder, 'none.yaml'), join(folder, 'a.yaml')] })).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/X\/none.yaml does not exist; name a file/) as string });
    expect(await run({ paths: [join(folder, 'empty')] })).toMatchObject({ code: 2, err: 'error: X/empty holds no .yaml, .yml or .json file\n' });
    expect(await run({ paths: [folder] })).toMatchObject({ code: 2, err: 'error: X/chart is a Helm chart; render it first: helm template X/chart | hookwave lint -\n' });
  });

  test('2 for what has no object: a template may have failed before the pipe', async () => {
    write({ 'a.yaml': GOOD, 'none/values.yaml': 'replicas: 3\n', 'empty/b.yaml': '' });
    const { code, err } = await run({ paths: [join(folder, 'a.yaml'), join(folder, 'none'), join(folder, 'empty'), '-'], stdin: Readable.from(['# nothing\n']) });
    expect({ code, err }).toEqual({ code: 2, err: 'error: X/none has no Kubernetes object\nerror: X/empty has no Kubernetes object\nerror: the standard input has no Kubernetes object\n' });
  });

  test('2 for a code that is no rule', async () => {
    write({ 'a.yaml': BAD });
    expect(await run({ ignore: ['hook-job-no-deadlines'] })).toMatchObject({ code: 2, err: 'error: there is no rule hook-job-no-deadlines; did you mean hook-job-no-deadline?\n' });
  });
});

test('a line for each finding, the fix below it, no colour when piped', async () => {
  write({ 'sub/a.yaml': BAD });
  const { out, err } = await run({});
  expect(out).toBe(
    "X/sub/a.yaml:15 hook-job-no-deadline error Job migrate: no activeDeadlineSeconds: nothing ends this hook when its Pods hang or are never created (spec.activeDeadlineSeconds)\n    fix: set spec.activeDeadlineSeconds; under Helm keep it below --timeout\n",
  );
  expect(err).toBe('1 error in 2 objects\n');
});

test('colour on a terminal, unless NO_COLOR is set', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  write({ 'a.yaml': BAD });
  vi.stubEnv('NO_COLOR', '');
  expect((await run({}, { interactive: true })).out).toContain('\u001b[31merror\u001b[0m');
  vi.stubEnv('NO_COLOR', '1');
  expect((await run({}, { interactive: true })).out).not.toContain('\u001b');
});

test('folders are read with all below them, but for hidden ones; other files are let be', async () => {
  write({ 'a.yml': GOOD, 'b/c.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }), '.git/d.yaml': BAD, 'node_modules/e.yaml': BAD, 'f.txt': BAD });
  expect(await run({})).toMatchObject({ code: 0, err: 'nothing found in 3 objects\n' });
});

test('the standard input', async () => {
  const { out, code } = await run({ paths: ['-'], stdin: Readable.from([BAD]) });
  expect(code).toBe(1);
  expect(out).toMatch(/^stdin:15 hook-job-no-deadline error/);
});

test('--level prints less, --ignore leaves a rule out', async () => {
  write({ 'a.yaml': exampleJob({ spec: [] }) + `---\n${EXAMPLE_MARKER}` });
  expect((await run({})).out.match(/hook-job-[a-z-]+/g)).toEqual(['hook-job-no-deadline', 'hook-job-no-backoff-limit']);
  expect((await run({ level: 'error' })).out.match(/hook-job-[a-z-]+/g)).toEqual(['hook-job-no-deadline']);
  expect(await run({ ignore: ['hook-job-no-deadline'] })).toMatchObject({ code: 0, out: expect.stringContaining('hook-job-no-backoff-limit') as string });
});

describe('what rendered manifests do not show', () => {
  const hook = exampleJob({ annotations: ['helm.sh/hook: pre-upgrade'] });

  test('--chart reads templates, of charts within it too, but no values and no comments', async () => {
    write({
      'rendered.yaml': hook,
      'chart/Chart.yaml': 'name: x',
      'chart/values.yaml': 'a: "{{ now }}"',
      'chart/templates/a.yaml': 'a: {{ .Values.now }} {{/* now */}}\nb: {{ "now" }}\nc: {{- $now := now | date "2006" }}',
      'chart/charts/sub/templates/_helpers.tpl': '{{ if and\n  $.Release.IsUpgrade (lookup "v1" "Pod" "" "") }}{{ end }}',
    });
    const { code, out } = await run({ paths: [join(folder, 'rendered.yaml')], chart: join(folder, 'chart') });
    expect(out.split('\n').flatMap((line) => /^X\S+ template\S+ \S+ .*/.exec(line)?.[0] ?? [])).toEqual([
      'X/chart/charts/sub/templates/_helpers.tpl:2 template-asks-cluster warning $.Release.IsUpgrade is always false where Argo CD renders the chart',
      'X/chart/charts/sub/templates/_helpers.tpl:2 template-asks-cluster warning lookup finds nothing where Argo CD renders the chart',
      'X/chart/templates/a.yaml:3 template-changes-always warning now gives something else each time',
    ]);
    expect(code).toBe(0);
    expect((await run({ paths: [join(folder, 'rendered.yaml')], chart: join(folder, 'chart'), engine: 'helm' })).out).not.toContain('template-asks-cluster');
  });

  test('--previous finds what moves between manifest and hooks', async () => {
    const account = (rest: string): string => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: migrate\n${rest}`;
    const asHook = account('  annotations: {helm.sh/hook: pre-upgrade}\n');
    write({ 'was/a.yaml': account(''), 'wasHook/a.yaml': asHook, 'wasGone/a.yaml': asHook.replace('pre-upgrade', 'pre-upgrade, helm.sh/hook-delete-policy: hook-succeeded'), 'now/a.yaml': account(''), 'nowHook/a.yaml': asHook, 'nowKept/a.yaml': asHook.replace('pre-upgrade', 'pre-upgrade, helm.sh/resource-policy: keep') });
    const found = async (now: string, was: string) => /moved-by-release error .*/.exec((await run({ paths: [join(folder, now)], previous: join(folder, was) })).out)?.[0];
    expect(await found('nowHook', 'was')).toBe('moved-by-release error ServiceAccount migrate: was an ordinary object in the release before: the upgrade deletes it (metadata.annotations["helm.sh/hook"])');
    expect(await found('now', 'wasHook')).toBe('moved-by-release error ServiceAccount migrate: was a hook in the release before and is still there: the upgrade refuses to take it over');
    expect([await found('now', 'was'), await found('nowHook', 'wasHook'), await found('now', 'wasGone'), await found('nowKept', 'was')]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('both go with one path, and must be there', async () => {
    write({ 'a.yaml': GOOD, 'b.yaml': GOOD });
    const [a, b] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    expect(await run({ paths: [a, b], previous: a })).toMatchObject({ code: 2, err: expect.stringContaining('--chart and --previous go with one path') as string });
    expect(await run({ paths: [a], previous: join(folder, 'none') })).toMatchObject({ code: 2, err: expect.stringContaining('X/none does not exist') as string });
    expect(await run({ paths: [a], chart: folder })).toMatchObject({ code: 2, err: 'error: X is no chart: it has no templates\n' });
    expect(await run({ paths: [a], chart: join(folder, 'none') })).toMatchObject({ code: 2, err: expect.stringContaining("X/none can't be read") as string });
  });
});

test('json has every field of a finding', async () => {
  write({ 'a.yaml': BAD });
  const { out } = await run({ output: 'json' });
  expect(JSON.parse(out)).toEqual({
    objects: 2,
    findings: [
      {
        code: 'hook-job-no-deadline',
        level: 'error',
        object: { apiVersion: 'batch/v1', kind: 'Job', name: 'migrate' },
        file: 'X/a.yaml',
        line: 15,
        path: 'spec.activeDeadlineSeconds',
        message: expect.any(String) as string,
        fix: expect.any(String) as string,
      },
    ],
  });
});

test('sarif has the rules, and each result its rule, level, place and object', async () => {
  write({ 'a b.yaml': WARNED });
  const { out } = await run({ output: 'sarif' });
  const { version, $schema, runs } = JSON.parse(out) as { version: string; $schema: string; runs: { tool: { driver: { rules: { id: string }[] } }; results: object[] }[] };
  expect([version, runs.length]).toEqual(['2.1.0', 1]);
  expect($schema).toContain('sarif-schema-2.1.0.json');
  expect(runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(rules.map(({ code }) => code));
  expect(runs[0]?.results).toEqual([
    {
      ruleId: 'hook-job-no-backoff-limit',
      ruleIndex: rules.findIndex(({ code }) => code === 'hook-job-no-backoff-limit'),
      level: 'warning',
      message: { text: expect.stringMatching(/^Job migrate: no backoffLimit.*Fix: /) as string },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'X/a%20b.yaml' }, region: { startLine: 15 } },
          logicalLocations: [{ fullyQualifiedName: 'Job migrate spec.backoffLimit', kind: 'object' }],
        },
      ],
    },
  ]);
});

const synthesized = readdirSync(join(root, 'synth'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .map((path) => dirname(path));

test("hookwave's own output: nothing is found", async () => {
  const folders = [...new Set(synthesized)].map((path) => join(root, 'synth', path)).filter((path) => statSync(path).isDirectory());
  expect(folders.length).toBeGreaterThan(0);
  for (const path of folders.filter((one) => /\/argo\//.test(one))) expect({ path, ...(await run({ paths: [path] })) }).toMatchObject({ path, code: 0, out: '' });
});
