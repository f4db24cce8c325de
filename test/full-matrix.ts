/** Everything, as `npm run test:matrix` runs it; else a part that is short enough for every change. */
export const FULL = process.env['HOOKWAVE_MATRIX'] === 'full';
