/** Results on stdout: one JSON object for programs, tables and indented lines for people. */
import type { JsonValue } from '../chain/descriptors/index.ts';
import type { Terminal } from './terminal.ts';

export type OutputFormat = 'json' | 'text';

const INDENT = '  ';
const MAX_CELL = 64;
/** Structures in a table are only hinted at: JSON output has them whole. */
const MAX_STRUCTURE = 24;

/** Prints a result; `text` replaces the usual rendering for people. */
export function show(
  terminal: Terminal,
  format: OutputFormat,
  value: JsonValue,
  text?: string,
): void {
  const shown = format === 'json' ? JSON.stringify(value) : (text ?? renderText(value));
  terminal.stdout.write(`${shown}\n`);
}

/** JSON for people: objects as `name: value` lines, lists of objects as tables. */
export function renderText(value: JsonValue): string {
  return linesOf(value).join('\n');
}

function linesOf(value: JsonValue): string[] {
  if (Array.isArray(value)) return listLines(value);
  if (typeof value !== 'object' || value === null) return [scalarText(value)];
  return Object.entries(value).flatMap(([name, member]) => memberLines(name, member));
}

function memberLines(name: string, value: JsonValue): string[] {
  if (typeof value !== 'object' || value === null) return [`${name}: ${scalarText(value)}`];
  const inner = linesOf(value);
  if (inner.length === 0) return [`${name}: ${Array.isArray(value) ? 'none' : ''}`];
  return [`${name}:`, ...inner.map((line) => INDENT + line)];
}

function listLines(list: readonly JsonValue[]): string[] {
  const rows = list.filter(isRow);
  if (rows.length > 0 && rows.length === list.length) return tableLines(rows);
  return list.flatMap((item) => {
    const [first = '', ...rest] = linesOf(item);
    return [`- ${first}`, ...rest.map((line) => INDENT + line)];
  });
}

type Row = { readonly [name: string]: JsonValue };

function isRow(value: JsonValue): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tableLines(rows: readonly Row[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table(
    names,
    rows.map((row) => names.map((name) => cellText(row[name] ?? null))),
  );
}

/** Columns as wide as their widest cell. */
export function table(names: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [names.map((name) => name.toUpperCase().replaceAll('_', ' ')), ...rows];
  const widths = names.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join(INDENT)
      .trimEnd(),
  );
}

function cellText(value: JsonValue): string {
  const isStructure = typeof value === 'object' && value !== null;
  const text = isStructure ? printable(JSON.stringify(value)) : scalarText(value);
  const width = isStructure ? MAX_STRUCTURE : MAX_CELL;
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Text from a chain may hold control characters, which could rewrite the screen. */
function scalarText(value: JsonValue): string {
  return printable(value === null ? '-' : String(value));
}

/** The text with its control characters written as escapes. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => {
    return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  });
}
