/** The functions that hash nodes where they lie, around the SHA-256 of four messages. */

import {
  I32,
  I64,
  MEMORY_OP,
  OP,
  WasmCode,
  type WasmFunctionBody,
  wasmBinary,
} from '../../wasm/wasmBinary.ts';
import { blockBytes, buildNodes } from './buildKernel.ts';
import { HASH, HEIGHT_SHIFT, LEFT, RIGHT, SHAPE, SIZE, VERSION_LOW } from './layout.ts';
import { compareKeys, readPaths } from './pathKernel.ts';
import { sha256x4 } from './sha256Kernel.ts';

const SHA256X4 = 0;
const VARINT = 1;
const INNER_MESSAGE = 2;
const COMPARE_KEYS = 6;
const BLOCK_BYTES = 8;
const LANES = 4;

/** An inner node's message: at most 80 bytes, so two blocks. */
export const INNER_MESSAGE_BYTES = 128;
/** Bytes that `hashInners` needs for messages, and `sha256x4` for digests. */
export const SCRATCH_BYTES = LANES * INNER_MESSAGE_BYTES;
export const DIGESTS_BYTES = LANES * 32;

/** The module of all functions. */
export function treeKernel(): Uint8Array {
  return wasmBinary([
    sha256x4(),
    varint(),
    innerMessage(),
    hashInners(),
    hashMessages(),
    touchChildren(),
    compareKeys(),
    readPaths(COMPARE_KEYS),
    blockBytes(),
    buildNodes({ compareKeys: COMPARE_KEYS, blockBytes: BLOCK_BYTES }),
  ]);
}

/** `varint(address, value)`: writes a LEB128 varint; the address behind it. */
function varint(): WasmFunctionBody {
  const [address, value] = [0, 1];
  const code = new WasmCode();
  code.repeatWhile(() => {
    code.get(value).i64(0x80).op(OP.i64LessUnsigned);
    code.when(() => {
      code.get(address).get(value).memory(MEMORY_OP.i64Store8);
      code.get(address).i32(1).op(OP.i32Add).op(OP.return);
    });
    code.get(address).get(value).i64(0x80).op(OP.i64Or).memory(MEMORY_OP.i64Store8);
    code.get(value).i64(7).op(OP.i64ShiftRight).set(value);
    code.get(address).i32(1).op(OP.i32Add).set(address).i32(1);
  });
  code.i32(0);
  return { name: 'varint', parameters: [I32, I64], results: [I32], locals: [], code };
}

/**
 * `innerMessage(node, target)`, both addresses: the padded message of an inner node's hash: height, size and version
 * as zig-zag varints, then both children's hashes behind their length (cosmos/iavl v1, node.go, writeHashBytes).
 */
function innerMessage(): WasmFunctionBody {
  const [node, target, end, child] = [0, 1, 2, 3];
  const code = new WasmCode();
  for (let offset = 64; offset < INNER_MESSAGE_BYTES; offset += 16) {
    code.get(target).splat(0).storeVector(offset);
  }
  writeShape(code, { node, target, end });
  [LEFT, RIGHT].forEach((side, index) => {
    const offset = 33 * index;
    code
      .get(node)
      .memory(MEMORY_OP.i32Load, 4 * side)
      .i32(2)
      .op(OP.i32ShiftLeft)
      .set(child);
    code.get(end).i32(32).memory(MEMORY_OP.i32Store8, offset);
    for (const half of [0, 16]) {
      code
        .get(end)
        .get(child)
        .loadVector(4 * HASH + half)
        .storeVector(offset + 1 + half);
    }
  });
  code.get(end).i32(0x80).memory(MEMORY_OP.i32Store8, 66);
  writeLength(code, { target, end });
  const locals = [[2, I32]] as const;
  return { name: 'innerMessage', parameters: [I32, I32], results: [], locals, code };
}

/** The varints; `end` is the address behind them. A height is below 64, so that it takes one byte. */
function writeShape(
  code: WasmCode,
  { node, target, end }: { node: number; target: number; end: number },
): void {
  const field = (word: number) => code.get(node).memory(MEMORY_OP.i32Load, 4 * word);
  code.get(target);
  field(SHAPE)
    .i32(HEIGHT_SHIFT)
    .op(OP.i32ShiftRight)
    .i32(1)
    .op(OP.i32ShiftLeft)
    .memory(MEMORY_OP.i32Store8);
  code.get(target).i32(1).op(OP.i32Add);
  field(SIZE).op(OP.i64ExtendI32).i64(1).op(OP.i64ShiftLeft).call(VARINT);
  field(VERSION_LOW).op(OP.i64ExtendI32).i64(1).op(OP.i64ShiftLeft);
  field(SHAPE).i32(0xff_ffff).op(OP.i32And).op(OP.i64ExtendI32).i64(33).op(OP.i64ShiftLeft);
  code.op(OP.i64Or).call(VARINT).set(end);
}

/** The message's length in bits, big endian, in the last bytes of its second block. */
function writeLength(code: WasmCode, { target, end }: { target: number; end: number }): void {
  code.get(end).get(target).op(OP.i32Subtract).i32(66).op(OP.i32Add);
  code.i32(3).op(OP.i32ShiftLeft).set(end);
  code.get(target).get(end).i32(8).op(OP.i32ShiftRight).memory(MEMORY_OP.i32Store8, 126);
  code.get(target).get(end).memory(MEMORY_OP.i32Store8, 127);
}

/**
 * `hashInners(list, groups, scratch)`: hashes inner nodes, four a group, whose names are listed; their children must
 * have their hashes. `scratch` holds four messages, then four digests.
 */
function hashInners(): WasmFunctionBody {
  const [list, groups, scratch, node] = [0, 1, 2, 3];
  const code = new WasmCode();
  const nodeOf = (lane: number) =>
    code
      .get(list)
      .memory(MEMORY_OP.i32Load, 4 * lane)
      .i32(2)
      .op(OP.i32ShiftLeft);
  code.repeatWhile(() => {
    for (let lane = 0; lane < LANES; lane++) {
      nodeOf(lane);
      code
        .get(scratch)
        .i32(lane * INNER_MESSAGE_BYTES)
        .op(OP.i32Add)
        .call(INNER_MESSAGE);
    }
    code.get(scratch).i32(2).i32(INNER_MESSAGE_BYTES);
    code.get(scratch).i32(SCRATCH_BYTES).op(OP.i32Add).call(SHA256X4);
    for (let lane = 0; lane < LANES; lane++) {
      nodeOf(lane).set(node);
      for (const half of [0, 16]) {
        code
          .get(node)
          .get(scratch)
          .loadVector(SCRATCH_BYTES + 32 * lane + half);
        code.storeVector(4 * HASH + half);
      }
    }
    code
      .get(list)
      .i32(4 * LANES)
      .op(OP.i32Add)
      .set(list);
    code.get(groups).i32(1).op(OP.i32Subtract).tee(groups);
  });
  const locals = [[1, I32]] as const;
  return { name: 'hashInners', parameters: [I32, I32, I32], results: [], locals, code };
}

/**
 * `touchChildren(list, count)`: reads the hashes of the children of inner nodes, one after another without waiting
 * for any, so that they are in the cache when each is needed; the answer only keeps the reads from being left out.
 */
function touchChildren(): WasmFunctionBody {
  const [list, count, node, sum] = [0, 1, 2, 3];
  const code = new WasmCode();
  code.repeatWhile(() => {
    code.get(list).memory(MEMORY_OP.i32Load).i32(2).op(OP.i32ShiftLeft).set(node);
    for (const side of [LEFT, RIGHT]) {
      code
        .get(node)
        .memory(MEMORY_OP.i32Load, 4 * side)
        .i32(2)
        .op(OP.i32ShiftLeft);
      code
        .memory(MEMORY_OP.i32Load, 4 * HASH)
        .get(sum)
        .op(OP.i32Add)
        .set(sum);
    }
    code.get(list).i32(4).op(OP.i32Add).set(list);
    code.get(count).i32(1).op(OP.i32Subtract).tee(count);
  });
  code.get(sum);
  const locals = [[2, I32]] as const;
  return { name: 'touchChildren', parameters: [I32, I32], results: [I32], locals, code };
}

/** `hashMessages(input, blocks, output, groups)`: digests of padded messages side by side, four a group. */
function hashMessages(): WasmFunctionBody {
  const [input, blocks, output, groups, stride] = [0, 1, 2, 3, 4];
  const code = new WasmCode();
  code.get(blocks).i32(6).op(OP.i32ShiftLeft).set(stride);
  code.repeatWhile(() => {
    code.get(input).get(blocks).get(stride).get(output).call(SHA256X4);
    code.get(input).get(stride).i32(2).op(OP.i32ShiftLeft).op(OP.i32Add).set(input);
    code.get(output).i32(DIGESTS_BYTES).op(OP.i32Add).set(output);
    code.get(groups).i32(1).op(OP.i32Subtract).tee(groups);
  });
  const locals = [[1, I32]] as const;
  return { name: 'hashMessages', parameters: [I32, I32, I32, I32], results: [], locals, code };
}
