import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import type { Bindable, Parameters } from './parameters.ts';

/** How long a Job may live. */
export interface JobLife {
  /** Path of the value that it follows; absent when it is fixed. */
  readonly field?: string;
  /** Seconds; beyond those of the field, when there is one. */
  readonly seconds: number;
}

/** The lives of all Jobs: Helm has to wait for the longest. */
export function jobLives(chart: UpgradeChart, objects: readonly Bindable[], { deadlines }: Pick<Parameters, 'deadlines'>): readonly JobLife[] {
  return objects.flatMap(({ manifest, job }) => {
    const seconds = manifest.kind === 'Job' ? manifest.spec?.activeDeadlineSeconds : undefined;
    if (seconds === undefined) return [];
    const field = chart.deadlines.find((place) => place.job === job && place.flag === 'deadline-seconds')?.field;
    const base = field === undefined ? undefined : deadlines.get(field);
    return field === undefined || base === undefined ? [{ seconds }] : [{ field, seconds: seconds - base }];
  });
}
