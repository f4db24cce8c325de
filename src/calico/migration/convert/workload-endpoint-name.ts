import { ConversionError } from './resource.ts';

export interface WorkloadEndpointIds {
  readonly node: string;
  readonly orchestrator: string;
  readonly pod: string;
  readonly containerID: string;
  readonly workload: string;
  readonly endpoint: string;
}

/**
 * The name that Calico computes for the endpoint again when it looks for it: segments joined by `-`, dashes inside doubled
 * (libcalico-go `lib/names/workloadendpoint.go`).
 * @throws ConversionError on an empty segment, or one that begins or ends with a dash
 */
export function workloadEndpointName(ids: WorkloadEndpointIds): string {
  return segments(ids).map(escapeDashes).join('-');
}

type Segment = readonly [field: string, value: string];

function segments(ids: WorkloadEndpointIds): readonly Segment[] {
  return [['node', ids.node], ['orchestrator', ids.orchestrator], middle(ids), ['endpoint', ids.endpoint]];
}

function middle(ids: WorkloadEndpointIds): Segment {
  switch (ids.orchestrator) {
    case 'k8s':
      return ['pod', ids.pod];
    case 'cni':
      return ['containerID', ids.containerID];
    case 'libnetwork':
      return ['orchestrator', ids.orchestrator];
    default:
      return ['workload', ids.workload];
  }
}

function escapeDashes([field, value]: Segment): string {
  if (value === '') throw new ConversionError(`error with field ${field} = '' (field should be assigned)`);
  if (value.startsWith('-')) throw new ConversionError(`error with field ${field} = '${value}' (field must not begin with a '-')`);
  if (value.endsWith('-')) throw new ConversionError(`error with field ${field} = '${value}' (field must not end with a '-')`);
  return value.replaceAll('-', '--');
}
