/** Where images are kept: files beside the records, or memory for tests. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { joinBytes } from '../../wire/bytes.ts';
import { syncFolder, writeFlushed } from './flushedFile.ts';
import type { ImageSource } from './imageFile.ts';

/** Files of images, by the version they hold. */
export interface ImageFiles {
  /** The versions that have a file, whole or not. */
  versions(): number[];
  /** Writes a file in place of any of the version: on the disk as a whole when it is done, or not there. */
  write<Result>(version: number, parts: Iterator<Uint8Array, Result>): Promise<Result>;
  /** A file to read, or undefined when there is none. */
  open(version: number): ImageSource | undefined;
  remove(version: number): void;
  /** Removes what an interrupted write left. */
  clean(): void;
}

const SUFFIX = '.image';
const UNFINISHED = '.next';
const VERSION_DIGITS = 16;

/** Images in a folder. */
export class ImageFolder implements ImageFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  versions(): number[] {
    const names = this.#names().filter((name) => /^\d{16}\.image$/.test(name));
    return names.map((name) => Number(name.slice(0, VERSION_DIGITS))).sort((a, b) => a - b);
  }

  async write<Result>(version: number, parts: Iterator<Uint8Array, Result>): Promise<Result> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.#path(version);
    const next = path + UNFINISHED;
    try {
      const result = await writeFlushed(next, parts);
      await rename(next, path);
      await syncFolder(this.#folder);
      await syncFolder(dirname(this.#folder));
      return result;
    } catch (error) {
      await rm(next, { force: true });
      throw error;
    }
  }

  open(version: number): ImageSource | undefined {
    const path = this.#path(version);
    return existsSync(path) ? new FileSource(path) : undefined;
  }

  remove(version: number): void {
    rmSync(this.#path(version), { force: true });
  }

  clean(): void {
    for (const name of this.#names()) {
      if (name.endsWith(SUFFIX + UNFINISHED)) rmSync(join(this.#folder, name));
    }
  }

  #path(version: number): string {
    return join(this.#folder, String(version).padStart(VERSION_DIGITS, '0') + SUFFIX);
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}

class FileSource implements ImageSource {
  readonly #file: number;
  /** Read into again and again: new memory for each chunk would have to be cleared, and collected. */
  #buffer = new Uint8Array(0);
  readonly size: number;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
    this.size = fstatSync(this.#file).size;
  }

  read(length: number): Uint8Array {
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    const bytes = this.#buffer.subarray(0, length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#file, bytes, filled, length - filled, null);
      if (count === 0) return bytes.subarray(0, filled);
      filled += count;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Images in memory. What was written stays when a store over it is closed. */
export class MemoryImages implements ImageFiles {
  readonly files = new Map<number, Uint8Array>();

  versions(): number[] {
    return [...this.files.keys()].sort((a, b) => a - b);
  }

  async write<Result>(version: number, parts: Iterator<Uint8Array, Result>): Promise<Result> {
    const taken: Uint8Array[] = [];
    for (;;) {
      const next = parts.next();
      if (next.done) {
        this.files.set(version, joinBytes(taken));
        return next.value;
      }
      taken.push(next.value);
    }
  }

  open(version: number): ImageSource | undefined {
    const file = this.files.get(version);
    if (file === undefined) return undefined;
    let offset = 0;
    return {
      size: file.length,
      read(length) {
        const bytes = file.subarray(offset, offset + length);
        offset += bytes.length;
        return bytes;
      },
      close() {},
    };
  }

  remove(version: number): void {
    this.files.delete(version);
  }

  clean(): void {}
}
