import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { levelFolderDamage } from '../../wire/levelFolder.ts';
import { type Backing, type Change, MemoryBacking } from './backing.ts';
import { REPAIR, StoreOpenError } from './errors.ts';
import { ImageFolder } from './imageFiles.ts';
import type { StoreLocation } from './options.ts';

/** The records at a location. @throws StoreOpenError as `LevelBacking.open`. */
export async function openBacking(location: StoreLocation): Promise<Backing> {
  if (location.path !== undefined) return LevelBacking.open(location.path);
  return location.memory === true ? new MemoryBacking() : location.memory;
}

/** The folder of images inside the one of Level, so that they are copied and removed together. */
const IMAGES = 'images';

type ByteLevel = ClassicLevel<Uint8Array, Uint8Array>;

/** Records in a Level folder, one process at a time. Writes are on the disk when they are done. */
export class LevelBacking implements Backing {
  readonly images: ImageFolder;
  readonly #level: ByteLevel;

  private constructor(level: ByteLevel, path: string) {
    this.#level = level;
    this.images = new ImageFolder(join(path, IMAGES));
  }

  /** @throws StoreOpenError when another process holds the folder, or what it holds does not read. */
  static async open(path: string): Promise<LevelBacking> {
    const files = await checkedFiles(path);
    const encodings = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    const level = new ClassicLevel<Uint8Array, Uint8Array>(path, encodings);
    try {
      await level.open();
    } catch (error) {
      throw openError(path, error);
    }
    const backing = new LevelBacking(level, path);
    if (files.length === 0) return backing;
    try {
      if (!(await backing.isEmpty())) return backing;
    } catch (error) {
      await backing.close();
      throw openError(path, error);
    }
    await backing.close();
    throw lostError(path, `nothing in ${files} reads any more`);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const value = this.#level.getSync(key);
    // Level gives a Buffer, whose slice() shares memory where that of plain bytes copies.
    return value && new Uint8Array(value.buffer, value.byteOffset, value.length);
  }

  async isEmpty(): Promise<boolean> {
    for await (const _key of this.#level.keys({ limit: 1 })) return false;
    return true;
  }

  async keys(start: Uint8Array, end: Uint8Array): Promise<Uint8Array[]> {
    const keys = await this.#level.keys({ gte: start, lt: end }).all();
    return keys.map((key) => new Uint8Array(key));
  }

  async write(changes: readonly Change[]): Promise<void> {
    const batch = this.#level.batch();
    for (const { key, value } of changes) {
      if (value === undefined) batch.del(key);
      else batch.put(key, value);
    }
    await batch.write({ sync: true });
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

/** The files of a folder that hold records. @throws StoreOpenError for damages over which Level would end the process. */
async function checkedFiles(path: string): Promise<string[]> {
  const names = existsSync(path) ? await readdir(path) : [];
  const damage = levelFolderDamage({ names, read: (name) => readFileSync(join(path, name)) });
  if (damage !== undefined) throw lostError(path, damage);
  const records: string[] = [];
  for (const name of names.filter((each) => /\.(ldb|log)$/.test(each)).sort()) {
    if ((await stat(join(path, name))).size > 0) records.push(name);
  }
  return records;
}

function lostError(path: string, detail: string): StoreOpenError {
  return new StoreOpenError('unreadable', path, `${detail}; ${REPAIR}`);
}

/** How Level speaks of files that are damaged, missing or cut, not of rights or a full disk. */
const DAMAGE = /^Corruption:|No such file|Invalid argument/;

/** What an error of Level says of the folder. */
export function openError(path: string, error: unknown): StoreOpenError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const isLocked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
  if (isLocked) return new StoreOpenError('locked', path, 'another process uses it', { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  const detail = DAMAGE.test(reason) ? `${reason}; ${REPAIR}` : reason;
  return new StoreOpenError('unreadable', path, detail, { cause });
}
