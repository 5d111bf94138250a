/** The part of `buildNodes` that builds an inner node: TreeBuilder's `inner`. */
import { MEMORY_OP, OP } from '../../wasm/wasmBinary.ts';
import { type BuildCode, SUBTREE_BYTES, VERSION } from './buildCode.ts';
import { HEIGHT_SHIFT, KEY, LEFT, PREFIX, RIGHT, SHAPE, SIZE, VERSION_LOW } from './layout.ts';

const SIDES = ['left', 'right'] as const;

/** Puts the parent of the last two subtrees in their place; its smallest leaf is that of the left one. */
export function buildInner(code: BuildCode): void {
  code
    .read('top')
    .read('base')
    .op(OP.i32Subtract)
    .i32(2 * SUBTREE_BYTES);
  code.op(OP.i32LessUnsigned).refuse();
  code.advance('top', -2 * SUBTREE_BYTES);
  code.field('top', 0).write('left');
  code.field('top', 2).write('right');
  code.field('top', 3).write('key');
  checkHeight(code);
  checkAge(code);
  code.setField(LEFT, () => code.read('left').i32(2).op(OP.i32ShiftRight));
  code.setField(RIGHT, () => code.read('right').i32(2).op(OP.i32ShiftRight));
  code.setField(SIZE, () => code.field('left', SIZE).field('right', SIZE).op(OP.i32Add));
  code.setField(KEY, () => code.field('key', KEY));
  code.setField(PREFIX, () => code.field('key', PREFIX));
  code.read('top').read('node').memory(MEMORY_OP.i32Store);
  code.advance('top', SUBTREE_BYTES);
}

/** One more than the higher of two heights that differ by at most one. */
function checkHeight(code: BuildCode): void {
  const height = () => code.i32(HEIGHT_SHIFT).op(OP.i32ShiftRight);
  code.field('left', SHAPE);
  height().write('first');
  code.field('right', SHAPE);
  height().write('second');
  code.read('first').read('second').op(OP.i32Subtract).i32(1).op(OP.i32Add);
  code.i32(2).op(OP.i32GreaterUnsigned).refuse();
  code.read('first').read('second');
  code.read('first').read('second').op(OP.i32GreaterUnsigned).op(OP.select);
  code.i32(1).op(OP.i32Add).read('shape');
  height().op(OP.i32NotEqual).refuse();
}

/** No node is older than its children. */
function checkAge(code: BuildCode): void {
  for (const side of SIDES) {
    code
      .get(VERSION)
      .version(side, 4 * VERSION_LOW)
      .op(OP.i64LessUnsigned)
      .refuse();
  }
}
