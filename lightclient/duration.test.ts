import { strict as assert } from 'node:assert';
import { formatDuration } from './duration.ts';

describe('formatDuration', () => {
  const second = 1_000_000_000n;
  const cases: readonly (readonly [bigint, string])[] = [
    [0n, '0 s'],
    [second - 1n, '0 s'],
    [second, '1 s'],
    [59n * second, '59 s'],
    [60n * second, '1 min'],
    [3_661n * second, '1 h 1 min'],
    [3_601n * second, '1 h'],
    [7n * 86_400n * second, '7 d'],
    [(8n * 86_400n + 3n * 3_600n + 59n) * second, '8 d 3 h'],
    [-61n * second, '-1 min 1 s'],
  ];
  for (const [ns, text] of cases) {
    it(`gives ${text} for ${ns} ns`, () => assert.equal(formatDuration(ns), text));
  }
});
