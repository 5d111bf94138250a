/** The compiled program as its users run it: a process with a home of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { NETWORK_FILE, type NetworkFile } from '../../cli/home.ts';
import { ROOT } from './root.ts';

const BIN = join(ROOT, 'bin', 'depind.js');
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 5;

/** A localnet that runs as a process. */
export interface RunningProgram {
  readonly home: string;
  readonly network: NetworkFile;
  readonly pid: number;
  /** From the start of the process until its file said where the network is. */
  readonly startMs: number;
  /** Interrupts it, waits for its end and removes the home. */
  stop(): Promise<void>;
}

/** Starts `depind localnet start` on free ports. @throws Error with its stderr when it ends before. */
export async function startProgram(flags: readonly string[]): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'depind-bench-'));
  const home = join(folder, 'net');
  const begin = performance.now();
  const ports = ['--rpc-port', '0', '--rest-port', '0'];
  const child = spawn(process.execPath, [
    BIN,
    ...['localnet', 'start', '--home', home, '--seed', 'bench', ...ports, ...flags],
  ]);
  let errors = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk) => {
    errors = `${errors}${chunk}`.slice(-2000);
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  const file = join(home, NETWORK_FILE);
  while (!existsSync(file)) {
    if (child.exitCode !== null || performance.now() - begin > START_TIMEOUT_MS) {
      await stop();
      throw new Error(`the localnet does not start: ${errors}`);
    }
    await sleep(POLL_MS);
  }
  const startMs = performance.now() - begin;
  const network = JSON.parse(readFileSync(file, 'utf8')) as NetworkFile;
  return { home, network, pid: child.pid!, startMs, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  await exit;
}

/** Runs a command of the program to its end; gives stdout. @throws Error when it fails. */
export async function runProgram(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...args]);
  return stdout;
}
