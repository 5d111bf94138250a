/** The keys that a collection was last asked for, encoded. */
import type { KeyCodec } from '../../wire/keys.ts';

/** A message reads a few keys, some of them again, and writes them: it comes back to these. */
const KEPT = 4;
/** Longer keys are not kept. */
const MAX_BYTES = 128;

/** Encodes keys behind the prefix of a collection; one that comes back is the same array. */
export class RecentKeys<K> {
  readonly #prefixBytes: number;
  readonly #keys: KeyCodec<K>;
  /** The prefix, and room for a key. */
  readonly #scratch: Uint8Array;
  readonly #kept: (Uint8Array | undefined)[] = new Array(KEPT).fill(undefined);
  #next = 0;

  constructor(prefix: Uint8Array, keys: KeyCodec<K>) {
    this.#prefixBytes = prefix.length;
    this.#keys = keys;
    this.#scratch = new Uint8Array(prefix.length + MAX_BYTES);
    this.#scratch.set(prefix);
  }

  /** The encoded key, which must not be changed; undefined for one that is not short, or whose codec does not write. */
  of(key: K): Uint8Array | undefined {
    const end = this.#keys.write?.(key, this.#scratch, this.#prefixBytes) ?? -1;
    if (end < 0) return undefined;
    for (let i = 0; i < KEPT; i++) {
      const kept = this.#kept[i];
      if (kept !== undefined && this.#isWritten(kept, end)) return kept;
    }
    // `slice` takes three times as long for so few bytes.
    const bytes = new Uint8Array(end);
    for (let i = 0; i < end; i++) bytes[i] = this.#scratch[i]!;
    this.#kept[this.#next] = bytes;
    this.#next = (this.#next + 1) % KEPT;
    return bytes;
  }

  #isWritten(kept: Uint8Array, end: number): boolean {
    if (kept.length !== end) return false;
    const scratch = this.#scratch;
    for (let i = this.#prefixBytes; i < end; i++) if (kept[i] !== scratch[i]) return false;
    return true;
  }
}
