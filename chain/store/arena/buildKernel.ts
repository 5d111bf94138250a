/** Building the nodes of an image where their memory is: what TreeBuilder does, as long as all of it fits. */
import { I32, I64, OP, WasmCode, type WasmFunctionBody } from '../../wasm/wasmBinary.ts';
import { BuildCode, NUMBERS, TREE_VERSION, VERSION } from './buildCode.ts';
import { buildInner } from './buildInner.ts';
import { type BuildCalls, buildLeaf } from './buildLeaf.ts';
import { HASH, HEIGHT_SHIFT, MARK, NODE_BYTES, SHAPE, VERSION_LOW } from './layout.ts';
import { SAVED } from './marks.ts';

/** Blocks up to so many units of 8 bytes have a class each; see blocks.ts. */
const EXACT_UNITS = 64;

/** `blockBytes(bytes)`: the bytes of the block for so many; as `blockUnits` in blocks.ts. */
export function blockBytes(): WasmFunctionBody {
  const [bytes, step] = [0, 1];
  const code = new WasmCode();
  code.get(bytes).i32(7).op(OP.i32Add).i32(3).op(OP.i32ShiftRight).tee(bytes);
  code.i32(EXACT_UNITS).op(OP.i32GreaterUnsigned);
  code.when(() => {
    code.i32(1).i32(28).get(bytes).op(OP.i32LeadingZeros).op(OP.i32Subtract);
    code.op(OP.i32ShiftLeft).set(step);
    code.get(bytes).get(step).op(OP.i32Add).i32(1).op(OP.i32Subtract);
    code.i32(0).get(step).op(OP.i32Subtract).op(OP.i32And).set(bytes);
  });
  code.get(bytes).i32(3).op(OP.i32ShiftLeft);
  const locals = [[1, I32]] as const;
  return { name: 'blockBytes', parameters: [I32], results: [I32], locals, code };
}

/**
 * `buildNodes(frame)`: builds the nodes of a chunk. 0 when all of them fit; otherwise another number, and the frame is as
 * before, but not the stack.
 */
export function buildNodes(calls: BuildCalls): WasmFunctionBody {
  const code = new BuildCode();
  const height = () => code.read('shape').i32(HEIGHT_SHIFT).op(OP.i32ShiftRight);
  code.begin().repeatWhile(() => {
    readShape(code);
    height()
      .op(OP.i32EqualZero)
      .when(() => buildLeaf(code, calls));
    height().when(() => buildInner(code));
    finishNode(code);
    code.read('nodes').i32(1).op(OP.i32Subtract).keep('nodes');
  });
  code.end();
  const locals = [
    [NUMBERS, I32],
    [2, I64],
  ] as const;
  return { name: 'buildNodes', parameters: [I32], results: [I32], locals, code };
}

/** Version and height; a version is from 1 up to that of the tree. */
function readShape(code: BuildCode): void {
  code.field('shapes', 1).write('shape');
  code.version('shapes', 0).tee(VERSION).i64(1).op(OP.i64Subtract);
  code.get(TREE_VERSION).op(OP.i64GreaterOrEqualUnsigned).refuse();
}

/** Shape, mark and hash; on to the next node. */
function finishNode(code: BuildCode): void {
  code.setField(VERSION_LOW, () => code.field('shapes', 0));
  code.setField(SHAPE, () => code.read('shape'));
  code.setField(MARK, () => code.i32(SAVED));
  for (const half of [0, 16]) {
    code
      .read('node')
      .read('hashes')
      .loadVector(half)
      .storeVector(4 * HASH + half);
  }
  code.advance('node', NODE_BYTES).advance('shapes', 8).advance('hashes', 32);
}
