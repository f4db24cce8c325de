import { GENERATED } from '../output.ts';
import type { JobLife } from './job-lives.ts';
import { secondsTemplate } from './parameters.ts';

/** templates/_helpers.tpl: durations in seconds, and the `--timeout` that Helm needs. */
export function helpersTpl(lives: readonly JobLife[]): string {
  return `{{- /* ${GENERATED} */ -}}
{{- /* A duration such as 90s, 30m or 2h in seconds. */ -}}
{{- define "hookwave.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int -}}
{{- if hasSuffix "h" . }}{{ mul $number 3600 }}{{ else if hasSuffix "m" . }}{{ mul $number 60 }}{{ else }}{{ $number }}{{ end -}}
{{- end -}}
{{- /* The longest that one hook may take, in minutes: Helm's timeout holds for each hook by itself. */ -}}
{{- define "hookwave.timeout" -}}
{{- $seconds := max 0 ${lives.map(lifeTemplate).join(' ')} -}}
{{ add (div (add $seconds 59) 60) 1 }}m
{{- end -}}
`;
}

function lifeTemplate({ field, seconds }: JobLife): string {
  return field === undefined ? String(seconds) : secondsTemplate(field, seconds).replace(/^\{\{ (.*) \}\}$/, '($1)');
}

/** The same for the defaults, in minutes. */
export function timeoutMinutes(seconds: readonly number[]): number {
  return Math.ceil(Math.max(0, ...seconds) / 60) + 1;
}
