/** Most bytes of a varint below 2^53. */
const VARINT_MAX_BYTES = 8;

/** Reads what `ByteWriter` wrote. Numbers are safe integers in their shortest form, as it writes them. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #title: string;
  #offset = 0;

  /** `title` names the bytes in errors. */
  constructor(bytes: Uint8Array, title: string) {
    this.#bytes = bytes;
    this.#title = title;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** The error for what stands at the present place. */
  fail(reason: string): TypeError {
    return new TypeError(`${this.#title}: ${reason} at byte ${this.#offset}`);
  }

  /** @throws TypeError when it is cut short, not in its shortest form, or no safe integer. */
  unsigned(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < VARINT_MAX_BYTES; i++) {
      const byte = this.#bytes[this.#offset];
      if (byte === undefined) throw this.fail('a number is cut short');
      this.#offset++;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        if (i > 0 && byte === 0) throw this.fail('a number is not in its shortest form');
        if (!Number.isSafeInteger(value)) throw this.fail('a number is too large');
        return value;
      }
      unit *= 0x80;
    }
    throw this.fail('a number is too large');
  }

  /** A view of the next bytes. @throws TypeError when there are fewer. */
  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw this.fail(`${length} bytes are cut short`);
    const bytes = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return bytes;
  }

  /** A view of bytes that stand behind their length. @throws TypeError when they are cut short. */
  bytes(): Uint8Array {
    return this.take(this.unsigned());
  }

  /** @throws TypeError when something is left over. */
  end(): void {
    if (!this.done) throw this.fail('bytes are left over');
  }
}
