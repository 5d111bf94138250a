/** The first header of a process: nothing of it is compiled yet, and no key is known. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serialize } from 'node:v8';
import type { VerifyArguments } from '../../lightclient/index.ts';
import { programBeside } from './root.ts';
import { inherited } from './sender.ts';

/** What the process is given. */
export type HeaderCase = Omit<VerifyArguments, 'verifier'>;

const ONCE = programBeside('headerOnce');

/** Milliseconds of the header in each of so many processes. */
export async function firstHeaders(given: HeaderCase, processes: number): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'depind-bench-'));
  const file = join(folder, 'header');
  const times: number[] = [];
  try {
    writeFileSync(file, serialize(given));
    for (let i = 0; i < processes; i++) {
      const { stdout } = await promisify(execFile)(process.execPath, [...inherited(), ONCE, file]);
      times.push(Number(stdout));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return times;
}
