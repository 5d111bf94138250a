/** The guard against nondeterminism: the same blocks in another process that differs in all that must not matter. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutedBlock } from './chain.ts';
import type { Failure } from './failure.ts';
import { type BlockOutcome, outcomeOf, type Recording, recordingToText } from './recording.ts';

/** A zone with odd minutes and a locale with other letters and digits. */
const ELSEWHERE = {
  TZ: 'Asia/Kathmandu',
  LANG: 'ar_EG.UTF-8',
  LC_ALL: 'ar_EG.UTF-8',
  LANGUAGE: 'ar',
};

/**
 * Executes a recording in another process: other time zone and locale, files loaded in reverse order, `Date` and
 * `Math.random` frozen, and every transaction simulated before, which nothing but the state may tell.
 * @param composition the function that gives it, as `file#export`
 * @throws Error with what the process said when it fails.
 */
export async function executeElsewhere(
  recording: Recording,
  composition: string,
): Promise<BlockOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'depind-replica-'));
  try {
    const file = join(folder, 'recording.json');
    await writeFile(file, recordingToText(recording));
    const program = fileURLToPath(new URL('./replicaProcess.ts', import.meta.url));
    const output = await run(['--import=tsx', program, file, composition]);
    return JSON.parse(output) as BlockOutcome[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(arguments_: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, arguments_, {
      env: { ...process.env, ...ELSEWHERE },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`the second process ended with ${code}: ${errors.slice(-2000)}`));
    });
  });
}

/** The first block whose outcome differs from the one elsewhere. */
export function firstDivergence(
  executed: readonly ExecutedBlock[],
  elsewhere: readonly BlockOutcome[],
): Failure | undefined {
  for (const [i, { appHash, results, request }] of executed.entries()) {
    const [here, there] = [outcomeOf(appHash, results), elsewhere[i]];
    const at = here.results.findIndex((digest, tx) => digest !== there?.results[tx]);
    if (at < 0 && here.appHash === there?.appHash) continue;
    const what =
      at < 0 ? `AppHash ${here.appHash}, elsewhere ${there?.appHash}` : `transaction ${at}`;
    const text = `an execution in another process differs in ${what}`;
    return { kind: 'nondeterminism', text, height: request.height };
  }
  return undefined;
}
