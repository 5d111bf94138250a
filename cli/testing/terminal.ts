/** A terminal in memory, for tests: what commands print is kept, what they read is given. */
import { Readable } from 'node:stream';
import { main } from '../main.ts';
import type { Terminal } from '../terminal.ts';

export interface TestTerminal extends Terminal {
  /** What was written so far. */
  out(): string;
  err(): string;
  /** As Ctrl-C does. */
  interrupt(): void;
}

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly stdin?: string;
}

export function testTerminal(options: TerminalOptions = {}): TestTerminal {
  const written = { out: '', err: '' };
  const add = (stream: keyof typeof written, text: string): void => {
    written[stream] += text;
  };
  const controller = new AbortController();
  return {
    env: options.env ?? {},
    workingDirectory: options.workingDirectory ?? process.cwd(),
    stdin: Readable.from([options.stdin ?? '']),
    stdout: { write: (text) => add('out', text) },
    stderr: { write: (text) => add('err', text) },
    interruption: () => controller.signal,
    out: () => written.out,
    err: () => written.err,
    interrupt: () => controller.abort(),
  };
}

/** What a command line did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function run(
  arguments_: readonly string[],
  options: TerminalOptions = {},
): Promise<Outcome> {
  const terminal = testTerminal(options);
  const code = await main(arguments_, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}
