/** The rival of header verification: CometBFT's light.Verify, built from interop/ where Go is there. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BenchOptions, type Figure, figureOf } from './figure.ts';
import { ROOT } from './root.ts';

const run = promisify(execFile);
const INTEROP = join(ROOT, 'interop');
const PROGRAM = join(INTEROP, 'bin', 'lightrace');
const RUN_TIMEOUT_MS = 60_000;

/** Go's figure for a header of so many validators, and ours as a multiple of it; none where there is no Go. */
export async function raceHeaders(
  ours: Figure,
  validators: number,
  { quick, progress }: BenchOptions,
): Promise<Figure[]> {
  try {
    await run('go', ['version']);
  } catch {
    progress('there is no Go here: no rival');
    return [];
  }
  await run('go', ['build', '-o', PROGRAM, './lightrace'], { cwd: INTEROP });
  const args = [`${validators}`, `${quick ? 10 : 50}`];
  const { stdout } = await run(PROGRAM, args, { timeout: RUN_TIMEOUT_MS });
  const { ms } = JSON.parse(stdout) as { readonly ms: readonly number[] };
  const name = `header, ${validators} validators, Go light.Verify`;
  const theirs = figureOf({ name, unit: 'ms', better: 'lower' }, ms);
  const ratio = ours.value / theirs.value;
  return [
    theirs,
    {
      name: `header, ${validators} validators, ours to Go`,
      value: ratio,
      unit: 'x',
      better: 'lower',
    },
  ];
}
