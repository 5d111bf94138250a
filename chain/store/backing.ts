import { compareBytes } from '../../wire/bytes.ts';
import { type ImageFiles, MemoryImages } from './imageFiles.ts';

/** A key to write, or to delete when the value is undefined. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Where records are kept. Reads are synchronous: handlers are, and nodes are loaded on demand. */
export interface Backing {
  readonly images: ImageFiles;
  get(key: Uint8Array): Uint8Array | undefined;
  isEmpty(): Promise<boolean>;
  /** The keys from `start` on and before `end`, in order. */
  keys(start: Uint8Array, end: Uint8Array): Promise<Uint8Array[]>;
  /** All of the changes or none. */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

/** Records in memory, for tests. What was written stays when a store over it is closed. */
export class MemoryBacking implements Backing {
  readonly images: MemoryImages = new MemoryImages();
  readonly #records = new Map<string, Uint8Array>();

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#records.get(Buffer.from(key).toString('latin1'));
  }

  async isEmpty(): Promise<boolean> {
    return this.#records.size === 0;
  }

  async keys(start: Uint8Array, end: Uint8Array): Promise<Uint8Array[]> {
    const keys = [...this.#records.keys()].map(
      (text) => new Uint8Array(Buffer.from(text, 'latin1')),
    );
    const isInRange = (key: Uint8Array) =>
      compareBytes(key, start) >= 0 && compareBytes(key, end) < 0;
    return keys.filter(isInRange).sort(compareBytes);
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

/** Whether Level says that the disk does not read or write, or that what it reads is damaged. */
export function isDiskError(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'LEVEL_CORRUPTION' || error.code === 'LEVEL_IO_ERROR';
}
