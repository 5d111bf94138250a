const VARINT_MAX_BYTES = 10;

/**
 * Appends numbers and bytes to one growing buffer. Numbers are safe integers: heights, sizes,
 * versions and lengths stay far below 2^52.
 */
export class ByteWriter {
  #buffer = new Uint8Array(256);
  #length = 0;

  /** Bytes written since they were last taken. */
  get length(): number {
    return this.#length;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + bytes));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  /** An unsigned LEB128 varint (Go PutUvarint). */
  unsigned(value: number): this {
    this.#reserve(VARINT_MAX_BYTES);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
    return this;
  }

  /** A zig-zag varint of a non-negative number (Go PutVarint). */
  signed(value: number): this {
    return this.unsigned(2 * value);
  }

  /** The bytes alone. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** The length as an unsigned varint, then the bytes. */
  bytes(bytes: Uint8Array): this {
    return this.unsigned(bytes.length).raw(bytes);
  }

  /** A copy of what was written; the writer is empty afterwards and can be used again. */
  take(): Uint8Array {
    const out = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    return out;
  }

  /** What `consume` makes of the bytes, which it must not keep; the writer is empty afterwards. */
  use<Result>(consume: (bytes: Uint8Array) => Result): Result {
    const result = consume(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return result;
  }
}
