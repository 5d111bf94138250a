/** The rival of header verification: CometBFT's light.Verify, built from interop/ where Go is there. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchOptions } from './figure.ts';
import { ROOT } from './root.ts';

const run = promisify(execFile);
const INTEROP = join(ROOT, 'interop');
const PROGRAM = join(INTEROP, 'bin', 'lightrace');
const RUN_TIMEOUT_MS = 60_000;

/** Milliseconds of each of some rounds in a new process, with a header of so many validators. */
export type GoHeaders = (validators: number, rounds: number) => Promise<readonly number[]>;

/** Undefined where there is no Go. */
export async function goHeaders({ progress }: BenchOptions): Promise<GoHeaders | undefined> {
  try {
    await run('go', ['version']);
  } catch {
    progress('there is no Go here: no rival');
    return undefined;
  }
  await run('go', ['build', '-o', PROGRAM, './lightrace'], { cwd: INTEROP });
  return async (validators, rounds) => {
    const args = [`${validators}`, `${rounds}`];
    const { stdout } = await run(PROGRAM, args, { timeout: RUN_TIMEOUT_MS });
    return (JSON.parse(stdout) as { readonly ms: readonly number[] }).ms;
  };
}
