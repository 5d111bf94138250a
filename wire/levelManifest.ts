/** Which tables belong to a LevelDB folder: its manifest is a log of edits (db/version_edit.cc). */
import { LevelCursor } from './levelCursor.ts';
import { wholeRecords } from './levelLog.ts';

/** A table by the number in its name; the size in bytes. */
export interface LevelTable {
  readonly number: number;
  readonly size: number;
}

const TAG = {
  comparator: 1,
  logNumber: 2,
  nextFileNumber: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLogNumber: 9,
} as const;

/** The tables that are in use; LevelDB removes all others. What does not read is left to LevelDB, which refuses it. */
export function tablesInUse(manifest: Uint8Array): LevelTable[] {
  const tables = new Map<number, LevelTable>();
  for (const record of wholeRecords(manifest)) applyEdit(tables, new LevelCursor(record));
  return [...tables.values()];
}

function applyEdit(tables: Map<number, LevelTable>, cursor: LevelCursor): void {
  while (!cursor.isAtEnd) {
    const tag = cursor.varint();
    if (tag === TAG.comparator) cursor.skipText();
    else if (tag === TAG.logNumber || tag === TAG.previousLogNumber) cursor.varint();
    else if (tag === TAG.nextFileNumber || tag === TAG.lastSequence) cursor.varint();
    else if (tag === TAG.compactPointer) {
      cursor.varint();
      cursor.skipText();
    } else if (tag === TAG.deletedFile) {
      cursor.varint();
      tables.delete(cursor.varint());
    } else if (tag === TAG.newFile) addTable(tables, cursor);
    else return;
  }
}

function addTable(tables: Map<number, LevelTable>, cursor: LevelCursor): void {
  cursor.varint();
  const number = cursor.varint();
  const size = cursor.varint();
  tables.set(number, { number, size });
  cursor.skipText();
  cursor.skipText();
}
