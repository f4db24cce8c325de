// Preloaded into the runner: at SIGUSR2 the machine's clock jumps by CLOCK_JUMP_MS, as an NTP step would let it, and says how far `Date` has moved.
'use strict';
const { writeSync } = require('node:fs');
const real = Date;
let offset = 0;
class Jumped extends real {
  constructor(...args) {
    if (args.length === 0) super(real.now() + offset);
    else super(...args);
  }
  static now() {
    return real.now() + offset;
  }
}
globalThis.Date = Jumped;
process.on('SIGUSR2', () => {
  offset = Number(process.env.CLOCK_JUMP_MS);
  const moved = [Date.now(), new Date().getTime()].map((now) => Math.round((now - real.now()) / 1000));
  writeSync(2, `Date has moved by ${moved.join(' and ')} s\n`);
});
