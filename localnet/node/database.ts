/** The one Level database of a localnet: blocks, results, state and indexes. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ClassicLevel } from 'classic-level';
import { toUtf8 } from '../../wire/bytes.ts';
import { levelFolderDamage } from '../../wire/levelFolder.ts';
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

/** How Level speaks of files that are damaged, missing or cut, not of rights or a full disk. */
const DAMAGE = /^Corruption:|No such file|Invalid argument/;

/** What the error of a database that another process has open is caused by. */
export class DatabaseHeldError extends Error {
  override readonly name = 'DatabaseHeldError';

  constructor() {
    super('another process holds it');
  }

  override toString(): string {
    return this.message;
  }
}

/** @throws Error naming the path when it cannot be opened; caused by a DatabaseHeldError where it runs elsewhere. */
export async function openDatabase(path: string): Promise<Database> {
  await checkFolder(path);
  const database: Database = new ClassicLevel(path, { keyEncoding: 'utf8', valueEncoding: 'view' });
  await atPath(path, async () => {
    try {
      await database.open();
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const isLocked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
      if (isLocked) throw new DatabaseHeldError();
      const reason = cause instanceof Error ? cause.message : '';
      throw DAMAGE.test(reason) ? new Error(`${reason}; ${REPAIR}`, { cause }) : (cause ?? error);
    }
  });
  return database;
}

/** Level ends the process over some damages: such a folder is refused before Level sees it. */
async function checkFolder(path: string): Promise<void> {
  const names = existsSync(path) ? await readdir(path) : [];
  const damage = levelFolderDamage({ names, read: (name) => readFileSync(join(path, name)) });
  if (damage !== undefined) throw new Error(`${path}: ${damage}; ${REPAIR}`);
}

const SEAL_BYTES = 4;

/** What errors of a damaged block store tell the operator to do. */
export const REPAIR = 'put back a copy of the blockstore.db folder, or begin anew with --reset';

/** A stored value is missing, or does not read back as it was written. */
export class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError';

  constructor(key: string, detail: string, options?: ErrorOptions) {
    super(`block store: record ${key} is damaged: ${detail}; ${REPAIR}`, options);
  }
}

/** A put whose value shows damage: behind the CRC-32 of key and value, 4 bytes, big endian. */
export function sealedPut(key: string, value: Uint8Array): Change {
  const record = new Uint8Array(SEAL_BYTES + value.length);
  new DataView(record.buffer).setUint32(0, sealOf(key, value));
  record.set(value, SEAL_BYTES);
  return { type: 'put', key, value: record };
}

/**
 * The value of a key that `sealedPut` wrote, or undefined.
 * @throws DamagedRecordError when the seal does not fit, or Level finds the damage.
 */
export function readSealed(database: Database, key: string): Uint8Array | undefined {
  const record = readRecord(database, key);
  if (record === undefined) return undefined;
  // Level gives a Buffer, whose slices behave otherwise than those of a plain array.
  const value = new Uint8Array(record.buffer, record.byteOffset, record.byteLength).subarray(
    SEAL_BYTES,
  );
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (record.length < SEAL_BYTES || view.getUint32(0) !== sealOf(key, value)) {
    throw new DamagedRecordError(key, `${record.length} bytes do not fit their checksum`);
  }
  return value;
}

function readRecord(database: Database, key: string): Uint8Array | undefined {
  try {
    return database.getSync(key);
  } catch (cause) {
    const isDamage = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_CORRUPTION';
    if (!isDamage) throw cause;
    throw new DamagedRecordError(key, cause.message, { cause });
  }
}

function sealOf(key: string, value: Uint8Array): number {
  return crc32(value, crc32(toUtf8(key)));
}
