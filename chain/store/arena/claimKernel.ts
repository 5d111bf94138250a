/** Making the path to a key the working state's own, where it may be edited in place. */

import { I32, MEMORY_OP, OP, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import {
  HEIGHT_SHIFT,
  KEY,
  MARK,
  PREFIX,
  SHAPE,
  VERSION_HIGH_MASK,
  VERSION_LOW,
} from './layout.ts';

/** Nodes of the longest path: an AVL tree of 2^32 leaves is not higher. */
const MOST_NODES = 48;
/** Where the leaf stands behind the nodes of the path. */
export const LEAF_WORD = MOST_NODES;
export const CLAIM_BYTES = 4 * (MOST_NODES + 1);

/** The edit as words in memory, after which the path is written: the first and only parameter's address. */
export const CLAIM = { prefix: 0, key: 1, mark: 2, versionLow: 3, versionHigh: 4 } as const;
export const CLAIM_HEADER_BYTES = 4 * 5;

const [CLAIM_AT, NODE, OUT, READ, WRITE, TURN, PREFIX_OF_KEY] = [0, 1, 2, 3, 4, 5, 6];

/**
 * `claimPath(claim, root)`: gives all nodes from the root to the leaf of a key mark and version, and writes down those
 * that had another mark, and the leaf; how many those are. Without such a leaf it changes nothing and gives -1.
 */
export function claimPath(compareKeysIndex: number): WasmFunctionBody {
  const code = new WasmCode();
  code.get(1).i32(2).op(OP.i32ShiftLeft).set(NODE);
  code.get(CLAIM_AT).i32(CLAIM_HEADER_BYTES).op(OP.i32Add).tee(OUT).set(READ);
  code
    .get(CLAIM_AT)
    .memory(MEMORY_OP.i32Load, 4 * CLAIM.prefix)
    .set(PREFIX_OF_KEY);
  descend(code, compareKeysIndex);
  refuseOther(code, compareKeysIndex);
  claimAll(code);
  const locals = [[5, I32]] as const;
  return { name: 'claimPath', parameters: [I32, I32], results: [I32], locals, code };
}

const field = (code: WasmCode, word: number): WasmCode =>
  code.get(NODE).memory(MEMORY_OP.i32Load, 4 * word);

const claimField = (code: WasmCode, word: number): WasmCode =>
  code.get(CLAIM_AT).memory(MEMORY_OP.i32Load, 4 * word);

/** Writes the path at `READ`, which ends behind it; `NODE` is the leaf. */
function descend(code: WasmCode, compareKeysIndex: number): void {
  code.repeatWhile(() => {
    code.get(READ).get(NODE).i32(2).op(OP.i32ShiftRight).memory(MEMORY_OP.i32Store);
    code.get(READ).i32(4).op(OP.i32Add).set(READ);
    field(code, SHAPE).i32(HEIGHT_SHIFT).op(OP.i32ShiftRight).tee(TURN);
    code.when(() => {
      code.get(PREFIX_OF_KEY);
      field(code, PREFIX).op(OP.i32Greater).set(WRITE);
      code.get(PREFIX_OF_KEY);
      field(code, PREFIX).op(OP.i32Equal);
      code.when(() => {
        compare(code, compareKeysIndex, 'key first');
        code.set(WRITE);
      });
      code.get(NODE).get(WRITE).i32(2).op(OP.i32ShiftLeft).op(OP.i32Add);
      code.memory(MEMORY_OP.i32Load).i32(2).op(OP.i32ShiftLeft).set(NODE);
    });
    code.get(TURN);
  });
}

/** Whether the first of the two keys is not below the second. */
function compare(code: WasmCode, index: number, order: 'key first' | 'node first'): void {
  const key = () => claimField(code, CLAIM.key).i32(2).op(OP.i32ShiftLeft);
  const node = () => field(code, KEY).i32(2).op(OP.i32ShiftLeft);
  for (const address of order === 'key first' ? [key, node] : [node, key]) address();
  code.call(index);
}

/** Returns -1 when the leaf has another key. */
function refuseOther(code: WasmCode, compareKeysIndex: number): void {
  compare(code, compareKeysIndex, 'key first');
  compare(code, compareKeysIndex, 'node first');
  code.op(OP.i32And).i32(0).op(OP.i32Equal);
  code.when(() => code.i32(-1).op(OP.return));
}

/** Claims from the root on; those that had another mark are written over the part of the path that was done. */
function claimAll(code: WasmCode): void {
  code
    .get(OUT)
    .get(NODE)
    .i32(2)
    .op(OP.i32ShiftRight)
    .memory(MEMORY_OP.i32Store, 4 * LEAF_WORD);
  code.get(READ).set(TURN);
  code.get(OUT).tee(READ).set(WRITE);
  code.repeatWhile(() => {
    code.get(READ).memory(MEMORY_OP.i32Load).i32(2).op(OP.i32ShiftLeft).set(NODE);
    field(code, MARK).i32(1).op(OP.i32ShiftRight);
    claimField(code, CLAIM.mark).i32(1).op(OP.i32ShiftRight).op(OP.i32NotEqual);
    code.when(() => {
      code.get(WRITE).get(NODE).i32(2).op(OP.i32ShiftRight).memory(MEMORY_OP.i32Store);
      code.get(WRITE).i32(4).op(OP.i32Add).set(WRITE);
    });
    code.get(NODE);
    claimField(code, CLAIM.mark).memory(MEMORY_OP.i32Store, 4 * MARK);
    code.get(NODE);
    claimField(code, CLAIM.versionLow).memory(MEMORY_OP.i32Store, 4 * VERSION_LOW);
    code.get(NODE);
    field(code, SHAPE).i32(~VERSION_HIGH_MASK).op(OP.i32And);
    claimField(code, CLAIM.versionHigh)
      .op(OP.i32Or)
      .memory(MEMORY_OP.i32Store, 4 * SHAPE);
    code.get(READ).i32(4).op(OP.i32Add).tee(READ).get(TURN).op(OP.i32NotEqual);
  });
  code.get(WRITE).get(OUT).op(OP.i32Subtract).i32(2).op(OP.i32ShiftRight);
}
