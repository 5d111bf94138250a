/** Durations for people. */

const UNITS = [
  ['d', 86_400n],
  ['h', 3_600n],
  ['min', 60n],
  ['s', 1n],
] as const;

/** Nanoseconds as their two largest units, rounded down: `8 d 3 h`, `5 s`. */
export function formatDuration(ns: bigint): string {
  if (ns < 0n) return `-${formatDuration(-ns)}`;
  let seconds = ns / 1_000_000_000n;
  const parts: string[] = [];
  for (const [name, length] of UNITS) {
    if (seconds >= length) parts.push(`${seconds / length} ${name}`);
    else if (parts.length > 0) break;
    seconds %= length;
  }
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
}
