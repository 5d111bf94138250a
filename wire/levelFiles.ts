/** What ends a process that opens a LevelDB folder without a word of why, told before LevelDB sees the folder. */
import { repeatedSequence } from './levelLog.ts';
import { tableDamage } from './levelTable.ts';

/** A file of a LevelDB folder; the size in bytes. */
export interface LevelFile {
  readonly name: string;
  readonly size: number;
}

/** What was written last fits in it: LevelDB's tables have 2 to 4 MiB. Bounds what opening a folder takes. */
const CHECKED_TABLE_BYTES = 16 * 1024 * 1024;

/** The names of the files that a crash may have left half written: all logs, and the newest tables. */
export function levelFilesToCheck(files: readonly LevelFile[]): string[] {
  const logs = files.filter(({ name }) => name.endsWith('.log')).map(({ name }) => name);
  const tables = files.filter(({ name }) => name.endsWith('.ldb'));
  // Numbers have at least six digits, so a longer name is a newer one.
  tables.sort((a, b) => b.name.length - a.name.length || (a.name < b.name ? 1 : -1));
  let bytes = 0;
  const newest = tables.filter(({ size }) => {
    const isFirst = bytes === 0;
    bytes += size;
    return isFirst || bytes <= CHECKED_TABLE_BYTES;
  });
  return [...logs, ...newest.map(({ name }) => name)];
}

/** What is wrong with such a file, in words, or undefined. Cost: O(bytes), about 3 ns a byte. */
export function levelFileDamage(name: string, content: Uint8Array): string | undefined {
  if (name.endsWith('.ldb')) {
    const damage = tableDamage(content);
    return damage && `${name} is damaged: ${damage}`;
  }
  const sequence = repeatedSequence(content);
  return sequence === undefined ? undefined : `${name} holds batch ${sequence} twice`;
}
