/**
 * Memory for many short arrays. V8 makes an array of over 64 bytes outside of its heap: that takes 0.3 µs, and its garbage
 * collector looks at each of them by itself. Where many are made they cost less as parts of one piece.
 */
export class Slab {
  readonly #size: number;
  #memory = new ArrayBuffer(0);
  #used = 0;

  /** @param size bytes of a piece, which lives as long as the last array in it */
  constructor(size: number) {
    this.#size = size;
  }

  /** An array of zeros. Its `buffer` holds others too. */
  take(length: number): Uint8Array {
    if (length > this.#size >> 2) return new Uint8Array(length);
    if (this.#used + length > this.#memory.byteLength) {
      this.#memory = new ArrayBuffer(this.#size);
      this.#used = 0;
    }
    const array = new Uint8Array(this.#memory, this.#used, length);
    this.#used += length;
    return array;
  }

  /** A copy. */
  copy(bytes: Uint8Array): Uint8Array {
    const array = this.take(bytes.length);
    array.set(bytes);
    return array;
  }
}
