/** What ends a process that opens a LevelDB folder without a word of why, told before LevelDB sees the folder. */
import { fromUtf8 } from './bytes.ts';
import { repeatedSequence } from './levelLog.ts';
import { type LevelTable, tablesInUse } from './levelManifest.ts';
import { tableDamage } from './levelTable.ts';

/** A folder as it is on the disk. */
export interface LevelFolder {
  readonly names: readonly string[];
  /** The content of a file; throws as Node does when it is not there any more. */
  read(name: string): Uint8Array;
}

/** What was written last fits in it: LevelDB's tables have 2 to 4 MiB. Bounds what opening a folder takes. */
const CHECKED_TABLE_BYTES = 16 * 1024 * 1024;
/** Digits of a file's number at least. */
const NUMBER_DIGITS = 6;

/**
 * What is wrong, in words, or undefined: a manifest that nothing names, a batch that stands twice in a log, a table
 * of the newest 16 MiB that does not fit its checksums, which LevelDB does not look at. All else LevelDB says itself.
 * Cost: O(bytes) of what is read, about 2 ns a byte.
 */
export function levelFolderDamage(folder: LevelFolder): string | undefined {
  const records = folder.names.filter((name) => /\.(ldb|log)$/.test(name)).sort();
  if (!folder.names.includes('CURRENT')) {
    // LevelDB would take such a folder for a new one, and delete the tables that it finds there.
    const first = firstWithContent(folder, records);
    return first && `CURRENT is missing beside ${first}`;
  }
  const manifest = currentManifest(folder);
  if (manifest === undefined) return 'CURRENT names no manifest that is there';
  for (const name of records.filter((each) => each.endsWith('.log'))) {
    const sequence = repeatedSequence(contentOf(folder, name) ?? new Uint8Array(0));
    if (sequence !== undefined) return `${name} holds batch ${sequence} twice`;
  }
  return newestTablesDamage(folder, tablesInUse(manifest));
}

/** Another process may remove a file meanwhile: then LevelDB says that it uses the folder. */
function contentOf(folder: LevelFolder, name: string): Uint8Array | undefined {
  try {
    return folder.read(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function firstWithContent(folder: LevelFolder, names: readonly string[]) {
  for (const name of names) if (contentOf(folder, name)?.length) return name;
  return undefined;
}

function currentManifest(folder: LevelFolder): Uint8Array | undefined {
  const current = contentOf(folder, 'CURRENT');
  if (current === undefined || !isAscii(current)) return undefined;
  const [, name] = /^(MANIFEST-\d+)\n$/.exec(fromUtf8(current, 'CURRENT')) ?? [];
  return name === undefined ? undefined : contentOf(folder, name);
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

function newestTablesDamage(folder: LevelFolder, tables: readonly LevelTable[]) {
  let bytes = 0;
  for (const { number, size } of [...tables].sort((a, b) => b.number - a.number)) {
    if (bytes > 0 && bytes + size > CHECKED_TABLE_BYTES) break;
    bytes += size;
    const name = `${number.toString().padStart(NUMBER_DIGITS, '0')}.ldb`;
    const table = contentOf(folder, name);
    const damage = table && tableDamage(table);
    if (damage !== undefined) return `${name} is damaged: ${damage}`;
  }
  return undefined;
}
