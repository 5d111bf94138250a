/**
 * The `depind` program: flags in, calls out. `main` runs one command line and gives its exit code.
 * @module
 */
import { CommanderError } from 'commander';
import { errorText, ToldError } from './errors.ts';
import { makeProgram } from './program.ts';
import { isDebug } from './settings.ts';
import { note, processTerminal, type Terminal } from './terminal.ts';

/**
 * Runs a command line. Never rejects: failures are told on stderr.
 * @param arguments_ without node and script
 * @returns 0, or 1 when anything failed
 *
 * @example
 * process.exitCode = await main(['version']);
 */
export async function main(
  arguments_: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    const program = await makeProgram(arguments_, terminal);
    await program.parseAsync([...arguments_], { from: 'user' });
    return 0;
  } catch (error) {
    // commander has told its own already; help that was asked for is no failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (!(error instanceof ToldError)) note(terminal, errorText(error, isDebug(terminal)));
    return 1;
  }
}
