/** What a proxy tells on stderr. */
import type { Logger } from '../../../localnet/index.ts';
import { printable } from '../../output.ts';
import { note, type Terminal } from '../../terminal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Warnings; with `isVerbose` also every call and every block, a line each. */
export function proxyLogger(terminal: Terminal, isVerbose: boolean): Logger {
  const line = (start: string) => (message: string, fields?: Fields) =>
    note(terminal, `${start}${message}${fields === undefined ? '' : ` ${textOf(fields)}`}`);
  const verbose = isVerbose ? line('') : (): void => undefined;
  return { debug: verbose, info: verbose, warn: line('warning: '), error: line('error: ') };
}

/** `height=5 proven=all`, with whatever a node or a caller says in quotes. */
function textOf(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(' ');
}

function valueText(value: unknown): string {
  const text = printable(value instanceof Error ? value.message : String(value));
  return /^[\w./:-]+$/.test(text) ? text : JSON.stringify(text);
}
