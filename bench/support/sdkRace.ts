/** The rival: interop/sdkrace, a minimal application of the official Cosmos SDK, built where there is Go. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './root.ts';
import { type SendWork, writeSendWork } from './sendWork.ts';

const run = promisify(execFile);
const INTEROP = join(ROOT, 'interop');
const PROGRAM = join(INTEROP, 'bin', 'sdkrace');
const BUILD_TIMEOUT_MS = 600_000;
const RUN_TIMEOUT_MS = 600_000;

/** Builds it; whether there is Go to do so. @throws Error when Go is there and the program does not compile. */
export async function buildSdkRace(): Promise<boolean> {
  try {
    await run('go', ['version']);
  } catch {
    return false;
  }
  await run('go', ['build', '-o', PROGRAM, './sdkrace'], {
    cwd: INTEROP,
    timeout: BUILD_TIMEOUT_MS,
  });
  return true;
}

/** Seconds that each block of the work takes it, on a new state. @throws Error when a transfer fails. */
export async function raceSends(work: SendWork): Promise<readonly number[]> {
  return inFolder(async (folder) => {
    const file = join(folder, 'work.json');
    writeSendWork(work, file);
    const { secondsOfBlocks } = await sdkRace<{ readonly secondsOfBlocks: readonly number[] }>([
      'sends',
      file,
      join(folder, 'home'),
    ]);
    return secondsOfBlocks;
  });
}

/** What an application that was opened on a filled state in a new process tells. */
export interface Restarted {
  /** Until it has answered and read a key. */
  readonly seconds: number;
  /** When a block of updates was committed, in milliseconds since 1970. */
  readonly committedAt: number;
}

/** Milliseconds of one restart. */
export interface RestartTimes {
  /** From the call that opens the stores until a key was read. */
  readonly openMs: number;
  /** From before the process until a block of updates was committed. */
  readonly blockMs: number;
}

/** Restarts, by how the process before them ended. */
export interface RestartRounds {
  readonly stopped: readonly RestartTimes[];
  readonly killed: readonly RestartTimes[];
}

/** What a kill left is opened fewer times. */
export const MOST_KILLS = 3;

/** Restarts on a state of so many keys, each in a new process: after a clean stop, then on copies of what a kill left. */
export async function raceRestart(keys: number, rounds: number): Promise<RestartRounds> {
  return inFolder(async (folder) => {
    const [home, copy] = [join(folder, 'home'), join(folder, 'copy')];
    const restarted = (path: string): Promise<RestartTimes> =>
      timeRestart(() => sdkRace(['restart', path, `${keys}`]));
    await sdkRace(['fill', home, `${keys}`]);
    const stopped: RestartTimes[] = [];
    for (let i = 0; i < rounds; i++) stopped.push(await restarted(home));
    await killedRun(PROGRAM, ['kill', home, `${keys}`]);
    const killed: RestartTimes[] = [];
    for (let i = 0; i < Math.min(rounds, MOST_KILLS); i++) {
      await cp(home, copy, { recursive: true });
      killed.push(await restarted(copy));
      await rm(copy, { recursive: true });
    }
    return { stopped, killed };
  });
}

/** What a process that kills itself had printed. @throws Error when it ends otherwise. */
export async function killedRun(program: string, args: readonly string[]): Promise<string> {
  const ended = run(program, args, { timeout: RUN_TIMEOUT_MS });
  const { signal, stdout } = await ended.then(
    () => ({ signal: undefined, stdout: '' }),
    (error: { readonly signal?: string; readonly stdout: string }) => error,
  );
  if (signal === 'SIGKILL') return stdout;
  throw new Error(`${program} ${args.join(' ')}: expected it to kill itself`);
}

/** The times of a process that `start` starts. */
export async function timeRestart(start: () => Promise<Restarted>): Promise<RestartTimes> {
  const begin = performance.timeOrigin + performance.now();
  const { seconds, committedAt } = await start();
  return { openMs: seconds * 1000, blockMs: committedAt - begin };
}

async function sdkRace<T>(args: readonly string[]): Promise<T> {
  const { stdout } = await run(PROGRAM, args, { timeout: RUN_TIMEOUT_MS });
  return JSON.parse(stdout) as T;
}

async function inFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'depind-race-'));
  try {
    return await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
