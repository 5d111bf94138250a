/** Odd multiples of points, ready to be added: those of keys are remembered, since the same validators sign again. */
import { latin1 } from '../../store/keyText.ts';
import type { BatchMemory } from './batchMemory.ts';
import type { Decompressor } from './decompressor.ts';
import { ELEMENT_BYTES } from './fieldMultiply.ts';

/** Writes `count` addends from an address on: of the point, 3 times, 5 times it, and so on. The point is changed. */
export class OddMultiples {
  readonly #memory: BatchMemory;
  readonly #double: number;

  constructor(memory: BatchMemory) {
    this.#memory = memory;
    this.#double = memory.take(1);
  }

  write(at: number, point: number, count: number): void {
    const { functions, constants } = this.#memory;
    const { addendFactors } = constants;
    functions.toAddend(at, point, addendFactors);
    // Twice the point, as an addend: the difference of each multiple and the next.
    functions.copy(this.#double, point);
    functions.double(this.#double);
    functions.toAddend(this.#double, this.#double, addendFactors);
    for (let i = 1; i < count; i++) {
      functions.add(point, this.#double);
      functions.toAddend(at + i * ELEMENT_BYTES, point, addendFactors);
    }
  }
}

/** Digits of keys have so many bits: the addends are 2^(width − 2). */
export const KEY_WIDTH = 8;
export const KEY_ADDENDS = 2 ** (KEY_WIDTH - 2);

/** Addends of the keys that were last used. */
export class KeyAddends {
  /** Addresses, of which the last was used last. */
  readonly #places = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #decompressor: Decompressor;
  readonly #multiples: OddMultiples;
  readonly #points: readonly number[];

  constructor(
    memory: BatchMemory,
    {
      decompressor,
      multiples,
      keys,
    }: { decompressor: Decompressor; multiples: OddMultiples; keys: number },
  ) {
    this.#decompressor = decompressor;
    this.#multiples = multiples;
    for (let i = 0; i < keys; i++) this.#free.push(memory.take(KEY_ADDENDS));
    this.#points = [memory.take(1)];
  }

  /** Address of a key's addends, the negative ones of its odd multiples' being theirs; undefined when it is no point. Stays good for as many other keys as are remembered. */
  of(key: Uint8Array): number | undefined {
    const text = latin1(key);
    const before = this.#places.get(text);
    if (before !== undefined) {
      this.#places.delete(text);
      this.#places.set(text, before);
      return before;
    }
    if (!this.#decompressor.decompress([key], this.#points)) return undefined;
    const at = this.#free.pop() ?? this.#oldest();
    this.#multiples.write(at, this.#points[0]!, KEY_ADDENDS);
    this.#places.set(text, at);
    return at;
  }

  #oldest(): number {
    const [text, at] = this.#places.entries().next().value!;
    this.#places.delete(text);
    return at;
  }
}
