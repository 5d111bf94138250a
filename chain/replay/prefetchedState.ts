/**
 * State that is read from elsewhere, proven, while the code that reads it is synchronous: what is not there yet
 * interrupts the code, is fetched, and the code runs again from its start.
 */
import { compareBytes, toHex } from '../../wire/bytes.ts';
import { keyAfter } from '../../wire/keys.ts';
import { NotProvableError, type ProvenEntry, type ProvenReads } from '../../wire/provenQuery.ts';
import type { KeyRange, KeyValue, ReadonlyStore } from '../store/kvStore.ts';

/** Entries of a range that are fetched first; each further fetch doubles them. */
const FIRST_PAGE = 8;
/** Most entries of one range. */
const MAX_ENTRIES = 1_000;
const FIRST_KEY = Uint8Array.of(0);

/** A read that has to be made before the code can go on. Not an Error: nobody but `run` may catch it. */
class Missing {
  readonly fetch: () => Promise<void>;

  constructor(fetch: () => Promise<void>) {
    this.fetch = fetch;
  }
}

interface Page {
  readonly entries: readonly ProvenEntry[];
  readonly isWhole: boolean;
}

interface Span {
  readonly store: string;
  readonly start: Uint8Array;
  readonly end: Uint8Array | undefined;
}

/** What was read so far. */
export class PrefetchedState {
  readonly #reads: ProvenReads;
  readonly #values = new Map<string, Uint8Array | undefined>();
  readonly #pages = new Map<string, Page>();
  #time: bigint | undefined;

  constructor(reads: ProvenReads) {
    this.#reads = reads;
  }

  /** Runs code until it has all that it reads. `code` must do nothing but read. */
  async run<T>(code: () => T): Promise<T> {
    for (;;) {
      try {
        return code();
      } catch (missing) {
        if (!(missing instanceof Missing)) throw missing;
        await missing.fetch();
      }
    }
  }

  /** Time of the block whose state this is. */
  get timeNs(): bigint {
    if (this.#time !== undefined) return this.#time;
    throw new Missing(async () => {
      this.#time = await this.#reads.blockTime();
    });
  }

  /** A store of it. */
  store(name: string): ReadonlyStore {
    return {
      get: (key) => this.#get(name, key),
      has: (key) => this.#get(name, key) !== undefined,
      iterate: (range) => this.#iterate(name, range),
    };
  }

  #get(store: string, key: Uint8Array): Uint8Array | undefined {
    const name = `${store}/${toHex(key)}`;
    if (this.#values.has(name)) return this.#values.get(name);
    throw new Missing(async () => {
      this.#values.set(name, await this.#reads.get(store, key));
    });
  }

  #iterate(store: string, { start = FIRST_KEY, end, reverse = false }: KeyRange) {
    if (end !== undefined && compareBytes(start, end) >= 0) return [];
    const span = { store, start: start.length === 0 ? FIRST_KEY : start, end };
    return reverse ? this.#backward(span) : this.#forward(span);
  }

  *#forward(span: Span): Generator<KeyValue> {
    for (let at = 0; ; at++) {
      const page = this.#pages.get(nameOf(span));
      const entry = page?.entries[at];
      if (entry !== undefined) yield [entry[0], entry[1]];
      else if (page?.isWhole === true) return;
      else throw this.#more(span, page);
    }
  }

  /** Proofs go forward: the whole range is read first. */
  *#backward(span: Span): Generator<KeyValue> {
    const page = this.#pages.get(nameOf(span));
    if (page?.isWhole !== true) throw this.#more(span, page);
    for (const [key, value] of page.entries.toReversed()) yield [key, value];
  }

  #more(span: Span, page: Page | undefined): Missing {
    const known = page?.entries ?? [];
    return new Missing(async () => {
      if (known.length >= MAX_ENTRIES) {
        throw new NotProvableError(`the query reads over ${MAX_ENTRIES} entries of a list`);
      }
      const limit = Math.max(FIRST_PAGE, known.length);
      const last = known.at(-1);
      const start = last === undefined ? span.start : keyAfter(last[0]);
      const more = await this.#reads.range(span.store, { start, end: span.end, limit });
      const entries = [...known, ...more];
      this.#pages.set(nameOf(span), { entries, isWhole: more.length < limit });
    });
  }
}

function nameOf({ store, start, end }: Span): string {
  return `${store}/${toHex(start)}/${end === undefined ? '' : toHex(end)}`;
}
