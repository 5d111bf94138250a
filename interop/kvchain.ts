/** Starts a chain of CometBFT validators with CometBFT's kvstore, in Go (interop/kvchain), and reads what it tells. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INTEROP = dirname(fileURLToPath(import.meta.url));
const BIN = join(INTEROP, 'bin');

/** How CometBFT's light client went over the chain. */
export const COURSES = ['sequential', 'skipping', 'backward'] as const;
export type CourseName = (typeof COURSES)[number];

/** What the Go program prints once its validators have changed. */
export interface KvChain {
  readonly chainId: string;
  /** Of two nodes that never stop. */
  readonly rpcs: readonly [string, string];
  /** A validator gives no vote from the first of these heights to before the second. */
  readonly stopped: readonly [number, number];
  /** The last height before the change of all validators began, and the first with none of the old ones. */
  readonly turnover: readonly [number, number];
  readonly txs: readonly {
    readonly hash: string;
    readonly height: number;
    readonly text: string;
  }[];
  /** The hashes of headers that CometBFT's light client trusts, from height 1. */
  readonly trusted: Readonly<Record<CourseName, readonly string[]>>;
}

/** A chain that runs, until it is stopped. */
export interface RunningKvChain {
  readonly chain: KvChain;
  stop(): Promise<void>;
}

/** Whether there is Go here. */
export async function hasGo(): Promise<boolean> {
  return run('go', ['version']).then(
    () => true,
    () => false,
  );
}

/** Builds the program in the module of a folder, runs it, and waits until it has told its story. */
export async function startKvChain(module: '.' | 'comet1'): Promise<RunningKvChain> {
  await mkdir(BIN, { recursive: true });
  const binary = join(BIN, module === '.' ? 'kvchain' : `${module}-kvchain`);
  await run('go', ['build', '-o', binary, './kvchain'], { cwd: join(INTEROP, module) });
  const child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const chain = await Promise.race([
    firstLine(child),
    ended.then((code) => Promise.reject(new Error(`the chain ended with ${code}`))),
  ]);
  return {
    chain,
    async stop() {
      child.stdin?.end();
      const code = await ended;
      if (code !== 0) throw new Error(`the chain ended with ${code}`);
    },
  };
}

function firstLine(child: ChildProcess): Promise<KvChain> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line)));
  });
}
