/** How the program says that something went wrong: one clear line, and exit code 1. */

/** An expected failure: its message is all that the user needs. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** The failure was told already, by the output itself: only the exit code is left to set. */
export class ToldError extends Error {
  override readonly name = 'ToldError';
}

/** Whether the system refused to read or write a file, and says why by a code such as ENOENT. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** The lines for stderr: the message, or with `debug` the stacks of the error and its causes. */
export function errorText(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (!debug) return `error: ${error.message.replaceAll(/\s*\n\s*/g, ' ')}`;
  const cause = error.cause === undefined ? '' : `\ncaused by ${errorText(error.cause, true)}`;
  return `error: ${error.stack ?? error.message}${cause}`;
}
