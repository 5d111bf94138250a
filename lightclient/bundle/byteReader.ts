/** Reads bytes from front to back, and nothing beyond their end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #title: string;
  #offset = 0;

  constructor(bytes: Uint8Array, title: string) {
    this.#bytes = bytes;
    this.#title = title;
  }

  /** @throws TypeError at the end. */
  byte(): number {
    return this.take(1)[0]!;
  }

  /** @throws TypeError when fewer are left. */
  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw this.fail(`${length} bytes are missing`);
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** That all is read. @throws TypeError when bytes are left. */
  end(): void {
    const left = this.#bytes.length - this.#offset;
    if (left > 0) throw this.fail(`${left} more bytes`);
  }

  /** The complaint, with what is read and where. */
  fail(reason: string): TypeError {
    return new TypeError(`${this.#title}: ${reason} at byte ${this.#offset}`);
  }
}
