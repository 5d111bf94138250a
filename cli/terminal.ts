/** What the program reads from and writes to: injected, so that tests run commands without a process of their own. */
import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import { CliError } from './errors.ts';

/** A stream that text is written to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Where `write` gave false: told when more can be taken. */
  once?(event: 'drain', listener: () => void): unknown;
}

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Results only: in JSON one object. */
  readonly stdout: Output;
  /** Everything else. */
  readonly stderr: Output;
  /** Aborted when the user asks to stop. From the first call on, that no longer ends the process by itself. */
  interruption(): AbortSignal;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    workingDirectory: process.cwd(),
    stdin,
    stdout,
    stderr,
    interruption: processInterruption,
  };
}

/** Exit code of a process that a second Ctrl-C ends at once. */
const INTERRUPTED = 130;

function processInterruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}

/** A line on stderr. */
export function note(terminal: Terminal, line: string): void {
  terminal.stderr.write(`${line}\n`);
}

/** Whether somebody is there to answer questions. */
export function isInteractive(terminal: Terminal): boolean {
  return terminal.stdin.isTTY === true;
}

/** The answer to a question, from stdin; without a person there the next line of it, and no question. */
export function ask(terminal: Terminal, question: string): Promise<string> {
  return readLine(terminal, question, (text) => terminal.stderr.write(text));
}

/** As `ask`, but what is typed is not shown. */
export async function askSecret(terminal: Terminal, question: string): Promise<string> {
  const answer = await readLine(terminal, question, () => undefined);
  if (isInteractive(terminal)) terminal.stderr.write('\n');
  return answer;
}

async function readLine(
  terminal: Terminal,
  question: string,
  echo: (text: string) => void,
): Promise<string> {
  const isPerson = isInteractive(terminal);
  const output = new Writable({
    write(chunk, _encoding, done) {
      echo(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input: terminal.stdin, terminal: isPerson, output });
  // Asked only now that the terminal no longer shows what is typed by itself.
  if (isPerson) terminal.stderr.write(question);
  try {
    for await (const line of lines) return line.trim();
  } finally {
    lines.close();
  }
  throw new CliError('stdin: expected a line, got its end');
}

/** @throws CliError naming the flag when nobody is there to confirm. */
export function checkCanConfirm(terminal: Terminal): void {
  if (isInteractive(terminal)) return;
  throw new CliError('nobody can confirm without a terminal: pass -y (--yes)');
}

/**
 * Asks for a yes.
 * @throws CliError when nobody is there to give it, or the answer is another one.
 */
export async function confirm(terminal: Terminal, question: string): Promise<void> {
  checkCanConfirm(terminal);
  const answer = await ask(terminal, `${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer)) throw new CliError('not confirmed: nothing was done');
}
