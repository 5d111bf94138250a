/** Where trusted blocks are kept between runs. A store is not trusted: what it gives back is verified again. */

/** Texts by height. Each text is one trusted block; only the light client reads and writes them. */
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

/** A store that lives as long as the process. The light client keeps it to its bound of blocks. */
export class MemoryStore implements TrustedStore {
  readonly #texts = new Map<bigint, string>();

  async heights(): Promise<readonly bigint[]> {
    return [...this.#texts.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  async read(height: bigint): Promise<string | undefined> {
    return this.#texts.get(height);
  }

  async write(height: bigint, text: string): Promise<void> {
    this.#texts.set(height, text);
  }

  async remove(height: bigint, text?: string): Promise<void> {
    if (text === undefined || this.#texts.get(height) === text) this.#texts.delete(height);
  }
}
