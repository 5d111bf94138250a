/** The WebAssembly module that verifies batches, and the constants that it finds in its memory. */
import { wasmBinary } from '../../wasm/wasmBinary.ts';
import { FUNCTIONS } from './calls.ts';
import { BASE_POINT, CURVE_D, FIELD_PRIME, GROUP_ORDER, ROOT_OF_MINUS_ONE } from './curve.ts';
import { decompressFunction, raiseFunction } from './decompressKernel.ts';
import {
  addKeysFunction,
  prepareFunction,
  verifyFunction,
  widenKeyFunction,
} from './equationKernel.ts';
import { judgeFunction } from './fieldJudge.ts';
import { multiplyFunction, squareFunction } from './fieldMultiply.ts';
import { LIMB_BITS, LIMBS } from './fieldSizes.ts';
import { CONSTANTS, CONSTANTS_AT, CONSTANTS_END, LANES, SCRATCH } from './layout.ts';
import { addFunction, doubleFunction, toAddendFunction } from './pointKernel.ts';
import {
  copyFunction,
  eachFunction,
  oddMultiplesFunction,
  squareTimesFunction,
} from './pointTables.ts';
import { modOrderFunction, multiplyWordsFunction, subtractWordsFunction } from './scalarKernel.ts';
import { recodeFunction, sumFunction } from './sumKernel.ts';

/** The binary of the module. */
export function batchKernel(): Uint8Array {
  const bodies = [
    multiplyFunction(SCRATCH.multiply),
    squareFunction(SCRATCH.square),
    doubleFunction(SCRATCH),
    addFunction(SCRATCH, false),
    addFunction(SCRATCH, true),
    toAddendFunction(SCRATCH),
    judgeFunction(SCRATCH),
    squareTimesFunction(),
    eachFunction('addEach'),
    eachFunction('subtractEach'),
    copyFunction(),
    raiseFunction(),
    decompressFunction(),
    oddMultiplesFunction(),
    multiplyWordsFunction(),
    subtractWordsFunction(),
    modOrderFunction(),
    recodeFunction(),
    sumFunction(),
    prepareFunction(),
    addKeysFunction(),
    widenKeyFunction(),
    verifyFunction(),
  ];
  return wasmBinary(FUNCTIONS.map((name) => bodies.find((body) => body.name === name)!));
}

/** What lies at CONSTANTS_AT. */
export function batchConstants(): Uint8Array {
  const bytes = new Uint8Array(CONSTANTS_END - CONSTANTS_AT);
  const place = (at: number) => at - CONSTANTS_AT;
  const elements = {
    one: [1n, 1n, 1n, 1n],
    d: new Array<bigint>(LANES).fill(CURVE_D),
    rootOfMinusOne: new Array<bigint>(LANES).fill(ROOT_OF_MINUS_ONE),
    addendFactors: [1n, 1n, 2n, (2n * CURVE_D) % FIELD_PRIME],
    identity: [0n, 1n, 1n, 0n],
  } as const;
  for (const [name, values] of Object.entries(elements) as [keyof typeof elements, bigint[]][]) {
    values.forEach((value, lane) => {
      writeNumber(bytes, place(CONSTANTS[name]) + 4 * lane, value);
    });
  }
  for (let lane = 0; lane < LANES; lane++) bytes.set(BASE_POINT, place(CONSTANTS.base) + 32 * lane);
  writeWords(bytes, place(CONSTANTS.order), GROUP_ORDER);
  writeWords(bytes, place(CONSTANTS.reciprocal), 2n ** 512n / GROUP_ORDER);
  return bytes;
}

/** A number of the field as one of four. */
function writeNumber(bytes: Uint8Array, at: number, value: bigint): void {
  const view = new DataView(bytes.buffer);
  for (let limb = 0, rest = value; limb < LIMBS; limb++, rest >>= BigInt(LIMB_BITS)) {
    const half = at + 16 * (limb >> 1) + 2 * (limb & 1);
    view.setInt16(half, Number(BigInt.asUintN(LIMB_BITS, rest)), true);
  }
}

/** Nine words. */
function writeWords(bytes: Uint8Array, at: number, value: bigint): void {
  const view = new DataView(bytes.buffer);
  for (let word = 0, rest = value; word < 9; word++, rest >>= 32n) {
    view.setUint32(at + 4 * word, Number(BigInt.asUintN(32, rest)), true);
  }
}
