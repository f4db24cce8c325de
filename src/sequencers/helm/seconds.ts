/** A duration of the values, such as 90s, 30m or 2h, in seconds: what `hookwave.seconds` of the chart's helpers makes of it. */
export function secondsOf(duration: string): number {
  const number = Number(/^[0-9]+/.exec(duration)?.[0] ?? 0);
  return duration.endsWith('h') ? number * 3600 : duration.endsWith('m') ? number * 60 : number;
}
