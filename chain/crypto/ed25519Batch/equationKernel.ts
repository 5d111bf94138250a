/** The functions that are called from outside: they take what layout.ts calls INPUT. */
import { I32, MEMORY_OP, OP, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { CALL } from './calls.ts';
import { ELEMENT_BYTES } from './fieldSizes.ts';
import {
  addendsOf,
  BASE_WIDTH,
  CONSTANTS,
  INPUT,
  KEY_ENTRY_BYTES,
  KEY_WIDTHS,
  LANES,
  PLACES,
  POINT_BYTES,
  R_WIDTH,
  SCRATCH,
  TABLES,
  TRANSCRIPT_BYTES,
  Z_BYTES,
} from './layout.ts';
import { clearWords } from './scalarKernel.ts';

const CHALLENGE_BYTES = 64;
/** z has 128 bits, and may carry into one more. */
const Z_PLACES = 129;
const [X, Y, Z] = [0, 1, 2];

/** Pushes `start + bytes · index`. */
const entry = (code: WasmCode, start: number, { bytes, index }: { bytes: number; index: number }) =>
  code.get(index).i32(bytes).op(OP.i32Multiply).i32(start).op(OP.i32Add);

/** Repeats for each index below a count that is not 0. */
function forEach(
  code: WasmCode,
  { index, count, by = 1 }: { index: number; count: number; by?: number },
  body: () => void,
): void {
  code.i32(0).set(index);
  code.repeatWhile(() => {
    body();
    code.get(index).i32(by).op(OP.i32Add).tee(index).get(count).op(OP.i32LessUnsigned);
  });
}

/** Function `prepare()`: makes the base point's addends; 1, or 0 when something is wrong. */
export function prepareFunction(): WasmFunctionBody {
  const code = new WasmCode();
  code.i32(CONSTANTS.base).i32(SCRATCH.points).call(CALL.decompress);
  code.i32(TABLES.base).i32(SCRATCH.points).i32(addendsOf(BASE_WIDTH)).call(CALL.oddMultiples);
  return { name: 'prepare', parameters: [], results: [I32], locals: [], code };
}

/**
 * Function `addKeys(count)`: decompresses new keys, up to four, and writes their points and first addends to the
 * places given; 0 when one is no point.
 */
export function addKeysFunction(): WasmFunctionBody {
  const [count, index, place, point] = [0, 1, 2, 3];
  const code = new WasmCode();
  code.i32(INPUT.newKeys).i32(SCRATCH.points).call(CALL.decompress);
  code.op(OP.i32EqualZero).when(() => code.i32(0).op(OP.return));
  forEach(code, { index, count }, () => {
    entry(code, SCRATCH.points, { bytes: ELEMENT_BYTES, index }).set(point);
    entry(code, INPUT.newKeyPlaces, { bytes: 4, index }).memory(MEMORY_OP.i32Load).tee(place);
    code.get(point).call(CALL.copy);
    code.get(place).i32(ELEMENT_BYTES).op(OP.i32Add).get(point);
    code.i32(addendsOf(KEY_WIDTHS.few)).call(CALL.oddMultiples);
  });
  code.i32(1);
  return { name: 'addKeys', parameters: [I32], results: [I32], locals: [[3, I32]], code };
}

/** Function `widenKey(place)`: writes all addends of a key. */
export function widenKeyFunction(): WasmFunctionBody {
  const place = 0;
  const code = new WasmCode();
  code.i32(SCRATCH.points).get(place).call(CALL.copy);
  code.get(place).i32(ELEMENT_BYTES).op(OP.i32Add).i32(SCRATCH.points);
  code.i32(addendsOf(KEY_WIDTHS.many)).call(CALL.oddMultiples);
  return { name: 'widenKey', parameters: [I32], results: [], locals: [], code };
}

const [COUNT, INDEX, FREE] = [0, 1, 2];

/**
 * Function `verify(count)`: 1 when the equation of `count` signatures, one at least, holds; 0 also when a point or an
 * s is not one.
 */
export function verifyFunction(): WasmFunctionBody {
  const code = new WasmCode();
  checkScalars(code);
  readPoints(code);
  code.i32(TABLES.digits).set(FREE);
  clearWords(code, SCRATCH.sumOfScalars, 20);
  forEach(code, { index: INDEX, count: COUNT }, () => {
    addScalar(code);
    keyDigits(code);
    pointDigits(code);
  });
  code.i32(SCRATCH.scalar).i32(SCRATCH.sumOfScalars).call(CALL.modOrder);
  code.i32(SCRATCH.scalar).i32(BASE_WIDTH).i32(TABLES.base).i32(0).i32(PLACES).get(FREE);
  code.call(CALL.recode).set(FREE);
  const { sum } = SCRATCH;
  code.i32(sum).i32(CONSTANTS.identity).call(CALL.copy);
  code.i32(sum).call(CALL.sum);
  // The cofactor of 8.
  for (let times = 0; times < 3; times++) code.i32(sum).call(CALL.double);
  isIdentity(code);
  return { name: 'verify', parameters: [I32], results: [I32], locals: [[2, I32]], code };
}

/** Returns 0 when an s is the order or more. */
function checkScalars(code: WasmCode): void {
  forEach(code, { index: INDEX, count: COUNT }, () => {
    code.i32(SCRATCH.difference);
    pushS(code).i32(CONSTANTS.order).i32(8).call(CALL.subtractWords);
    code.op(OP.i32EqualZero).when(() => code.i32(0).op(OP.return));
  });
}

const pushK = (code: WasmCode): WasmCode =>
  entry(code, INPUT.transcript, { bytes: TRANSCRIPT_BYTES, index: INDEX });
const pushS = (code: WasmCode): WasmCode =>
  entry(code, INPUT.transcript + CHALLENGE_BYTES, { bytes: TRANSCRIPT_BYTES, index: INDEX });
const pushZ = (code: WasmCode): WasmCode => entry(code, INPUT.z, { bytes: Z_BYTES, index: INDEX });
const pushAddends = (code: WasmCode): WasmCode =>
  entry(code, TABLES.r, { bytes: addendsOf(R_WIDTH) * ELEMENT_BYTES, index: INDEX });

/** The addends of each R, four by four; returns 0 when one is no point. */
function readPoints(code: WasmCode): void {
  forEach(code, { index: INDEX, count: COUNT, by: LANES }, () => {
    entry(code, INPUT.r, { bytes: POINT_BYTES, index: INDEX });
    code.i32(SCRATCH.points).call(CALL.decompress);
    code.op(OP.i32EqualZero).when(() => code.i32(0).op(OP.return));
    for (let lane = 0; lane < LANES; lane++) {
      pushAddends(code)
        .i32(lane * addendsOf(R_WIDTH) * ELEMENT_BYTES)
        .op(OP.i32Add);
      code.i32(SCRATCH.points + lane * ELEMENT_BYTES).i32(addendsOf(R_WIDTH));
      code.call(CALL.oddMultiples);
    }
  });
}

/** z · s to the sum. */
function addScalar(code: WasmCode): void {
  code.i32(SCRATCH.sumOfScalars);
  pushZ(code).i32(Z_BYTES / 4);
  pushS(code).i32(8).call(CALL.multiplyWords);
}

/** The digits of z · k, with the key's addends. */
function keyDigits(code: WasmCode): void {
  const { challenge, wide, scalar } = SCRATCH;
  code.i32(challenge);
  pushK(code).call(CALL.modOrder);
  clearWords(code, wide, 20);
  code.i32(wide);
  pushZ(code).i32(Z_BYTES / 4);
  code.i32(challenge).i32(8).call(CALL.multiplyWords);
  code.i32(scalar).i32(wide).call(CALL.modOrder);
  const key = (offset: number) =>
    entry(code, INPUT.keys, { bytes: KEY_ENTRY_BYTES, index: INDEX }).memory(
      MEMORY_OP.i32Load,
      offset,
    );
  code.i32(scalar);
  key(4);
  key(0);
  code.i32(1).i32(PLACES).get(FREE).call(CALL.recode).set(FREE);
}

/** The digits of z, with R's addends. */
function pointDigits(code: WasmCode): void {
  const { z } = SCRATCH;
  code.i32(0);
  pushZ(code).loadVector(0).storeVector(z);
  code.i32(z).i32(R_WIDTH);
  pushAddends(code).i32(1).i32(Z_PLACES).get(FREE).call(CALL.recode).set(FREE);
}

/**
 * Pushes whether X = 0 and Y = Z, while Z is not 0: no point has that, and should it ever come out, it must not pass
 * for the identity.
 */
function isIdentity(code: WasmCode): void {
  const { sum, a, zero } = SCRATCH;
  const isZero = (lane: number) => code.i32(0).memory(MEMORY_OP.i32Load, zero + 4 * lane);
  // Y − Z stands in the lane of Y.
  const [to, from] = [4 * Y, 4 * Z];
  code.i32(a).i32(sum).call(CALL.copy);
  for (let at = 0; at < ELEMENT_BYTES; at += 16) {
    code
      .i32(0)
      .i32(0)
      .memory(MEMORY_OP.i32Load, sum + at + from)
      .memory(MEMORY_OP.i32Store, a + at + to);
  }
  code.i32(a).i32(sum).i32(a).call(CALL.subtractEach);
  code.i32(a).call(CALL.judge);
  isZero(Y);
  code.i32(sum).call(CALL.judge);
  isZero(X).op(OP.i32And);
  isZero(Z).op(OP.i32EqualZero).op(OP.i32And).i32(1).op(OP.i32And);
}
