/** The system's time in nanoseconds. */

/** How far the finer clock may lie from the wall clock: farther, the wall clock was set or the machine slept. */
const MAX_DRIFT_NS = 50_000_000n;

let offset = wallTime() - process.hrtime.bigint();

/** Nanoseconds since 1970: the wall clock, with the resolution of the monotonic one. */
export function systemTime(): bigint {
  const monotonic = process.hrtime.bigint();
  const wall = wallTime();
  const drift = offset + monotonic - wall;
  if (drift > MAX_DRIFT_NS || drift < -MAX_DRIFT_NS) offset = wall - monotonic;
  return offset + monotonic;
}

function wallTime(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
