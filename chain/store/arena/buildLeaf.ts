/** The part of `buildNodes` that builds a leaf: TreeBuilder's `leafOf`. */
import { MEMORY_OP, OP } from '../../wasm/wasmBinary.ts';
import { MAX_KEY_BYTES } from '../kvStore.ts';
import { type BuildCode, SUBTREE_BYTES } from './buildCode.ts';
import {
  KEY,
  KEY_BYTES,
  KEY_HEADER_BYTES,
  KEY_USERS,
  PREFIX,
  SIZE,
  VALUE,
  VALUE_BYTES,
} from './layout.ts';

/** Which functions of the module are called. */
export interface BuildCalls {
  readonly compareKeys: number;
  readonly blockBytes: number;
}

/** Takes the next two blocks as those of a leaf, and puts it on the stack of subtrees. */
export function buildLeaf(code: BuildCode, calls: BuildCalls): void {
  code.read('leaves').op(OP.i32EqualZero).refuse();
  takeKey(code, calls);
  takeValue(code, calls);
  checkOrder(code, calls);
  code.setField(VALUE, () => code.read('value').i32(2).op(OP.i32ShiftRight));
  code.setField(VALUE_BYTES, () => code.read('valueBytes'));
  code.setField(KEY, () => code.read('key').i32(2).op(OP.i32ShiftRight));
  code.setField(PREFIX, () => code.read('lastPrefix'));
  code.setField(SIZE, () => code.i32(1));
  pushLeaf(code);
  code.advance('lengths', 4).advance('leaves', -1);
}

function takeKey(code: BuildCode, calls: BuildCalls): void {
  code.read('blocksEnd').read('block').op(OP.i32Subtract).i32(KEY_HEADER_BYTES);
  code.op(OP.i32LessUnsigned).refuse();
  code.field('block', KEY_USERS).i32(1).op(OP.i32NotEqual).refuse();
  code.field('block', KEY_BYTES).keep('keyBytes').i32(1).op(OP.i32Subtract);
  code.i32(MAX_KEY_BYTES).op(OP.i32GreaterOrEqualUnsigned).refuse();
  code.read('block').write('key');
  code.read('keyBytes').i32(KEY_HEADER_BYTES).op(OP.i32Add);
  takeBlock(code, calls);
}

/** A value is below 2 GiB, as a number of 32 bits with a sign; an empty one has no block. */
function takeValue(code: BuildCode, calls: BuildCalls): void {
  code.field('lengths', 0).keep('valueBytes').i32(0).op(OP.i32LessSigned).refuse();
  code.read('block').i32(0).read('valueBytes').op(OP.select).write('value');
  code.read('valueBytes');
  takeBlock(code, calls);
}

/** Passes over the block for as many bytes as the stack says. */
function takeBlock(code: BuildCode, { blockBytes }: BuildCalls): void {
  code.call(blockBytes).keep('first');
  code.read('blocksEnd').read('block').op(OP.i32Subtract).op(OP.i32GreaterUnsigned).refuse();
  code.read('block').read('first').op(OP.i32Add).write('block');
}

/** Keys ascend; prefixes decide nearly always. The key becomes the last one. */
function checkOrder(code: BuildCode, { compareKeys }: BuildCalls): void {
  putPrefix(code);
  code.keep('first').read('lastPrefix').op(OP.i32Greater).op(OP.i32EqualZero);
  code.read('lastKey').i32(0).op(OP.i32NotEqual).op(OP.i32And);
  code.when(() => {
    code.read('first').read('lastPrefix').op(OP.i32NotEqual).refuse();
    code.read('lastKey').read('key').call(compareKeys).refuse();
  });
  code.read('first').write('lastPrefix').read('key').write('lastKey');
}

/** Puts the key's prefix on the stack, as `prefixAt` gives it. */
function putPrefix(code: BuildCode): void {
  for (const byte of [0, 1, 2, 3]) {
    code
      .read('key')
      .memory(MEMORY_OP.i32Load8, KEY_HEADER_BYTES + byte)
      .i32(0);
    code.read('keyBytes').i32(byte).op(OP.i32GreaterUnsigned).op(OP.select);
    code.i32(24 - 8 * byte).op(OP.i32ShiftLeft);
    if (byte > 0) code.op(OP.i32Or);
  }
  code.i32(0x8000_0000).op(OP.i32Xor);
}

function pushLeaf(code: BuildCode): void {
  code.read('top').read('limit').op(OP.i32Equal).refuse();
  for (const offset of [0, 4]) code.read('top').read('node').memory(MEMORY_OP.i32Store, offset);
  code.advance('top', SUBTREE_BYTES);
}
