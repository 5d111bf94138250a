/** The rival of the state tree: cosmos/iavl, built from interop/ where Go is there. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './root.ts';
import { type BlockTimes, FILL_BATCH, UPDATES, VALUE_BYTES } from './treeWork.ts';

const run = promisify(execFile);
const INTEROP = join(ROOT, 'interop');
const PROGRAM = join(INTEROP, 'bin', 'iavlrace');
const RUN_TIMEOUT_MS = 20 * 60_000;

/** What Go measured. */
export interface GoRun {
  readonly times: BlockTimes;
  /** The last root, hex. */
  readonly root: string;
  readonly bytesPerKey: number;
  /** Milliseconds until the folder, closed and opened again, tells its root; 0 in memory. */
  readonly reopenMs: number;
}

/** How to run cosmos/iavl. */
export interface GoOptions {
  readonly keys: number;
  readonly blocks: number;
  /** A folder for goleveldb; without one the tree is in memory. */
  readonly path?: string | undefined;
}

/** Builds the program; false where there is no Go. @throws Error when it does not build. */
export async function buildIavlRace(): Promise<boolean> {
  try {
    await run('go', ['version']);
  } catch {
    return false;
  }
  await run('go', ['build', '-o', PROGRAM, './iavlrace'], { cwd: INTEROP });
  return true;
}

/** Runs cosmos/iavl without fast nodes in a process of its own, with the cache size that the SDK has by default. */
export async function runIavlRace(options: GoOptions): Promise<GoRun> {
  const { keys, blocks, path } = options;
  const work = [`-keys=${keys}`, `-blocks=${blocks}`, `-updates=${UPDATES}`];
  const backend = path === undefined ? ['-db=memdb'] : ['-db=goleveldb', `-dir=${path}`];
  const batch = FILL_BATCH[path === undefined ? 'in memory' : 'on disk'];
  const tree = [`-value=${VALUE_BYTES}`, `-batch=${batch}`, '-fast=false'];
  const args = [...work, ...backend, ...tree];
  const { stdout } = await run(PROGRAM, args, { timeout: RUN_TIMEOUT_MS });
  const out = JSON.parse(stdout) as {
    blocks: { setMs: number; rootMs: number; saveMs: number }[];
    root: string;
    bytesPerKey: number;
    reopenMs: number;
  };
  const times = {
    set: out.blocks.map(({ setMs }) => setMs),
    root: out.blocks.map(({ rootMs }) => rootMs),
    save: out.blocks.map(({ saveMs }) => saveMs),
  };
  return { times, root: out.root, bytesPerKey: out.bytesPerKey, reopenMs: out.reopenMs };
}
