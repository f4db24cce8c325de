import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { examplesOf } from './examples.ts';
import { trial } from './trials.ts';

const SKIP = 'argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true';

/** The API server behind the aggregated API is not there: what an upgrade that restarts it shows for a moment. */
export function aggregatedApi(): void {
  const { bad, good } = examplesOf('aggregated-api-in-app');
  const later = ['argocd.argoproj.io/sync-wave: "1"', SKIP].map((line) => `    ${line}\n`).join('');
  const down = trial('aggregated-api-in-app-bad', stream(EXAMPLE_MARKER, bad.replace('name: default-deny\n', `name: default-deny\n  annotations:\n${later}`)));
  const apart = trial('aggregated-api-in-app-good', stream(EXAMPLE_MARKER, bad.split('---\n')[0] ?? ''));
  const others = trial('aggregated-api-in-app-others', stream(exampleObject('v1', 'ConfigMap', 'other'), good));
  it('aggregated-api-in-app: the sync fails in its middle while the API server is down, SkipDryRunOnMissingResource or not', async () => {
    expect(await down.sync()).toMatchObject({ phase: expect.stringMatching(/Error|Failed/) as string, message: expect.stringContaining('projectcalico.org/v3: the server is currently unable to handle the request') as string });
    expect(await down.get('configmaps', 'upgrade-plan')).toBeDefined();
    // Without its objects beside it the API server can be upgraded; they are the trouble of another Application.
    expect((await apart.sync()).phase).toBe('Succeeded');
    expect((await others.sync()).phase).toMatch(/Error|Failed/);
  });
}
