/**
 * Trusted blocks in a Level database: classic-level on Node, browser-level over IndexedDB in browsers, or any other
 * abstract-level. The database is given, so that the light client itself depends on none.
 */
import { toHex, toUtf8 } from '../wire/bytes.ts';
import { sha256 } from '../wire/hash.ts';
import { inTurn } from './inTurn.ts';
import type { TrustedStore } from './trustedStore.ts';

/** The part of an abstract-level database, with texts for keys and values, that is used. */
export interface TextDatabase {
  get(key: string): Promise<string | undefined>;
  put(key: string, value: string): Promise<void>;
  del(key: string): Promise<void>;
  keys(range: { readonly gte: string; readonly lt: string; readonly limit: number }): {
    all(): Promise<string[]>;
  };
}

/** Runs one work after the other under a name, also those of other tabs. */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Where and under which name blocks are kept. */
export interface LevelStoreOptions {
  /** Open, or opening by itself as those of `level` do. */
  readonly database: TextDatabase;
  /** Several chains may share a database. */
  readonly chainId: string;
  /** @default Web Locks where there are, else one after the other in this process */
  readonly lock?: Lock | undefined;
}

/** The layout of records; others are not read. */
const VERSION = 1;
/** Digits of the largest height, so that keys stand in the order of heights. */
const HEIGHT_DIGITS = 19;
/** Most records of which heights are read: many more than the light client keeps. */
const MAX_RECORDS = 100_000;
const CHECKSUM_DIGITS = 32;

/**
 * A record for each height, with a checksum over chain, height and text; whatever fails it is as if it were not
 * there. There is no record of the newest one to be fought over: the highest height is, so that a tab that is
 * behind cannot take another one back.
 *
 * @example
 * const store = new LevelStore({ database: new ClassicLevel('light'), chainId });
 * const client = await LightClient.create({ chainId, primary, witnesses, trust, store });
 */
export class LevelStore implements TrustedStore {
  readonly #database: TextDatabase;
  readonly #prefix: string;
  readonly #lock: Lock;

  constructor({ database, chainId, lock = webLock() ?? processLock() }: LevelStoreOptions) {
    this.#database = database;
    this.#prefix = `light/${VERSION}/${encodeURIComponent(chainId)}/`;
    this.#lock = lock;
  }

  async heights(): Promise<readonly bigint[]> {
    // '0' comes after '/': no other prefix lies in between.
    const end = `${this.#prefix.slice(0, -1)}0`;
    const range = { gte: this.#prefix, lt: end, limit: MAX_RECORDS };
    const keys = await this.#database.keys(range).all();
    return keys.flatMap((key) => {
      const digits = key.slice(this.#prefix.length);
      return /^\d{19}$/.test(digits) ? [BigInt(digits)] : [];
    });
  }

  async read(height: bigint): Promise<string | undefined> {
    const record = await this.#database.get(this.#keyOf(height));
    if (record === undefined) return undefined;
    const text = record.slice(CHECKSUM_DIGITS);
    if (record.slice(0, CHECKSUM_DIGITS) === this.#checksum(height, text)) return text;
    await this.#removeIf(height, (held) => held === record);
    return undefined;
  }

  async write(height: bigint, text: string): Promise<void> {
    const key = this.#keyOf(height);
    await this.#lock(this.#prefix, () =>
      this.#database.put(key, this.#checksum(height, text) + text),
    );
  }

  async remove(height: bigint, text?: string): Promise<void> {
    await this.#removeIf(
      height,
      (held) => text === undefined || held.slice(CHECKSUM_DIGITS) === text,
    );
  }

  /** Looks and removes as one: another tab may have put a good record in the place of a bad one. */
  async #removeIf(height: bigint, isIt: (record: string) => boolean): Promise<void> {
    const key = this.#keyOf(height);
    await this.#lock(this.#prefix, async () => {
      const held = await this.#database.get(key);
      if (held !== undefined && isIt(held)) await this.#database.del(key);
    });
  }

  #keyOf(height: bigint): string {
    return this.#prefix + `${height}`.padStart(HEIGHT_DIGITS, '0');
  }

  /** Against damage, not against people: what is read is verified all the same. */
  #checksum(height: bigint, text: string): string {
    return toHex(sha256(toUtf8(`${this.#keyOf(height)}\n${text}`))).slice(0, CHECKSUM_DIGITS);
  }
}

interface LockManager {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** The browser's own, which all tabs of a site share. */
function webLock(): Lock | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: LockManager } };
  const locks = navigator?.locks;
  return locks && ((name, work) => locks.request(name, work));
}

function processLock(): Lock {
  const turn = inTurn();
  return (_name, work) => turn(work);
}
