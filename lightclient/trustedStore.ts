/** Where trusted blocks are kept between runs. A store is not trusted: what it gives back is verified again. */
import { equalBytes, fromUtf8, toUtf8 } from '../wire/bytes.ts';

/**
 * Texts by height. Each text is one trusted block; only the light client reads and writes them. What stays from block
 * to block, such as the validators, are lines of the text that stay.
 */
export interface TrustedStore {
  /** The heights that are held, upwards. */
  heights(): Promise<readonly bigint[]>;
  /** The text at a height, or undefined. */
  read(height: bigint): Promise<string | undefined>;
  /** Puts or replaces the text at a height. */
  write(height: bigint, text: string): Promise<void>;
  /** Nothing happens when there is none, or when a text is given and another one is held by now. */
  remove(height: bigint, text?: string): Promise<void>;
}

/** The lines of a text, each the very bytes of `held` where they are equal. */
export function linesOf(text: string, held: readonly Uint8Array[]): readonly Uint8Array[] {
  const lines = text.split('\n').map(toUtf8);
  return lines.map((line) => held.find((each) => equalBytes(each, line)) ?? line);
}

/**
 * A store that lives as long as the process. The light client keeps it to its bound of blocks. A line that stands in
 * the text written before too is held once; as bytes, since a slice of a text would hold all of it.
 */
export class MemoryStore implements TrustedStore {
  readonly #texts = new Map<bigint, readonly Uint8Array[]>();
  #last: readonly Uint8Array[] = [];

  async heights(): Promise<readonly bigint[]> {
    return [...this.#texts.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  async read(height: bigint): Promise<string | undefined> {
    return this.#texts
      .get(height)
      ?.map((line) => fromUtf8(line))
      .join('\n');
  }

  async write(height: bigint, text: string): Promise<void> {
    this.#last = linesOf(text, this.#last);
    this.#texts.set(height, this.#last);
  }

  async remove(height: bigint, text?: string): Promise<void> {
    if (text === undefined || (await this.read(height)) === text) this.#texts.delete(height);
  }
}
