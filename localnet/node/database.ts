/** The one Level database of a localnet: blocks, results, state and indexes. */
import { ClassicLevel } from 'classic-level';
import { atPath } from '../init.ts';

export type Database = ClassicLevel<string, Uint8Array>;

/** One change; a list of them is written as a whole or not at all. */
export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** Digits of the largest height: keys sort as their heights do. */
const HEIGHT_DIGITS = 19;

/** A height as part of a key. */
export function heightKey(height: bigint): string {
  return height.toString().padStart(HEIGHT_DIGITS, '0');
}

/** @throws Error naming the path when it cannot be opened, for example because another process holds it. */
export async function openDatabase(path: string): Promise<Database> {
  const database: Database = new ClassicLevel(path, { keyEncoding: 'utf8', valueEncoding: 'view' });
  await atPath(path, async () => {
    try {
      await database.open();
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const isLocked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
      throw isLocked ? new Error('another process holds it') : (cause ?? error);
    }
  });
  return database;
}
