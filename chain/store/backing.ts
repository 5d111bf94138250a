import { ClassicLevel } from 'classic-level';
import { StoreOpenError } from './errors.ts';

/** A key to write, or to delete when the value is undefined. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Where records are kept. Reads are synchronous: handlers are, and nodes are loaded on demand. */
export interface Backing {
  get(key: Uint8Array): Uint8Array | undefined;
  isEmpty(): Promise<boolean>;
  /** All of the changes or none. */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

/** Records in memory, for tests. What was written stays when a store over it is closed. */
export class MemoryBacking implements Backing {
  readonly #records = new Map<string, Uint8Array>();

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#records.get(Buffer.from(key).toString('latin1'));
  }

  async isEmpty(): Promise<boolean> {
    return this.#records.size === 0;
  }

  async write(changes: readonly Change[]): Promise<void> {
    for (const { key, value } of changes) {
      const text = Buffer.from(key).toString('latin1');
      if (value === undefined) this.#records.delete(text);
      else this.#records.set(text, value);
    }
  }

  async close(): Promise<void> {}
}

type ByteLevel = ClassicLevel<Uint8Array, Uint8Array>;

/** Records in a Level folder, one process at a time. Writes are on the disk when they are done. */
export class LevelBacking implements Backing {
  readonly #level: ByteLevel;

  private constructor(level: ByteLevel) {
    this.#level = level;
  }

  /** @throws StoreOpenError when another process holds the folder or Level cannot read it. */
  static async open(path: string): Promise<LevelBacking> {
    const encodings = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    const level = new ClassicLevel<Uint8Array, Uint8Array>(path, encodings);
    try {
      await level.open();
    } catch (error) {
      throw openError(path, error);
    }
    return new LevelBacking(level);
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

function openError(path: string, error: unknown): StoreOpenError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const isLocked = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED';
  if (isLocked) return new StoreOpenError('locked', path, 'another process uses it', { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreOpenError('unreadable', path, reason, { cause });
}
