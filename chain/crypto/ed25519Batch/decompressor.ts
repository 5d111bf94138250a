/** Points from their encodings as ZIP-215 reads them, four at a time (RFC 8032, section 5.1.3). */
import type { BatchMemory } from './batchMemory.ts';
import { LANES } from './fieldElements.ts';

/** Lanes of a point's coordinates. */
const [X, Y, Z, T] = [0, 1, 2, 3];

const WORKING = ['x', 'y', 't', 'u', 'v', 'a', 'b', 'c', 'other'] as const;
type Working = Readonly<Record<(typeof WORKING)[number], number>>;

export class Decompressor {
  readonly #memory: BatchMemory;
  /** Addresses of what is computed, for four points each. */
  readonly #at: Working;

  constructor(memory: BatchMemory) {
    this.#memory = memory;
    this.#at = Object.fromEntries(WORKING.map((name) => [name, memory.take(1)])) as Working;
  }

  /**
   * Writes the points of 1 to 4 encodings of 32 bytes to as many addresses; whether all are on the curve. An encoding
   * whose y is the prime or more is read modulo the prime, and x of 0 may have either sign.
   */
  decompress(encodings: readonly Uint8Array[], points: readonly number[]): boolean {
    const { elements, functions, constants } = this.#memory;
    const at = this.#at;
    for (let lane = 0; lane < LANES; lane++) {
      elements.setBytes(at.y, lane, encodings[lane] ?? encodings[0]!);
    }
    this.#candidates();
    for (const [lane, encoding] of encodings.entries()) {
      if (!this.#chooseRoot(lane)) return false;
      const isNegative = (encoding[31]! & 0x80) !== 0;
      const place = { at: at.x, lane };
      if (elements.isOdd(place) !== isNegative) elements.negate(place);
    }
    functions.multiply(at.t, at.x, at.y);
    for (const [lane, point] of points.entries()) {
      elements.copyLane({ at: point, lane: X }, { at: at.x, lane });
      elements.copyLane({ at: point, lane: Y }, { at: at.y, lane });
      elements.copyLane({ at: point, lane: Z }, { at: constants.one, lane });
      elements.copyLane({ at: point, lane: T }, { at: at.t, lane });
    }
    return true;
  }

  /** With u = y² − 1 and v = dy² + 1: x = uv³(uv⁷)^((p−5)/8), then v·x² − u, v·x² + u, and x times the root of −1. */
  #candidates(): void {
    const { functions, constants } = this.#memory;
    const { multiply, subtractEach, addEach } = functions;
    const { x, y, u, v, a, b, other } = this.#at;
    multiply(a, y, y);
    subtractEach(u, a, constants.one);
    multiply(v, a, constants.d);
    addEach(v, v, constants.one);
    multiply(a, v, v);
    multiply(b, a, v);
    multiply(a, b, b);
    multiply(a, a, v);
    multiply(a, a, u);
    multiply(x, b, u);
    this.#raise();
    multiply(x, x, a);
    multiply(b, x, x);
    multiply(b, b, v);
    subtractEach(a, b, u);
    addEach(b, b, u);
    multiply(other, x, constants.rootOfMinusOne);
  }

  /** Raises the numbers at `a` to (p − 5)/8 = 2^252 − 3. */
  #raise(): void {
    const { multiply } = this.#memory.functions;
    const { a, b, c, t } = this.#at;
    const power = (to: number, from: number, times: number): void => this.#power(to, from, times);
    power(t, a, 1);
    power(b, t, 2);
    multiply(b, b, a);
    multiply(t, t, b);
    power(t, t, 1);
    // The exponents of b, c and t are 2^n − 1 from here on, with n = 5, 10, 20, 40, 50, 100, 200, 250.
    multiply(b, b, t);
    power(t, b, 5);
    multiply(b, b, t);
    power(t, b, 10);
    multiply(c, b, t);
    power(t, c, 20);
    multiply(t, t, c);
    power(t, t, 10);
    multiply(b, b, t);
    power(t, b, 50);
    multiply(c, b, t);
    power(t, c, 100);
    multiply(t, t, c);
    power(t, t, 50);
    multiply(t, t, b);
    power(t, t, 2);
    multiply(a, a, t);
  }

  /** The numbers at `from` raised to 2^times. */
  #power(to: number, from: number, times: number): void {
    const { multiply, square } = this.#memory.functions;
    multiply(to, from, from);
    if (times > 1) square(to, times - 1);
  }

  /** Puts the root that fits in the place of x; false when none does. */
  #chooseRoot(lane: number): boolean {
    const { elements } = this.#memory;
    const { a, b, x, other } = this.#at;
    if (elements.isZero({ at: a, lane })) return true;
    if (!elements.isZero({ at: b, lane })) return false;
    elements.copyLane({ at: x, lane }, { at: other, lane });
    return true;
  }
}
