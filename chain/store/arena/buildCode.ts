/** The locals of `buildNodes`, and what its parts write again and again. */
import { MEMORY_OP, OP, WasmCode } from '../../wasm/wasmBinary.ts';

/** What `buildNodes` is told, in words of its frame; those it leaves for the next chunk are marked with an arrow. */
export const FRAME = {
  shapes: 0,
  hashes: 1,
  lengths: 2,
  /** The next block of a key; → behind the last block. */
  block: 3,
  blocksEnd: 4,
  /** Nodes, at least one. */
  nodes: 5,
  /** → Leaves that are left over. */
  leaves: 6,
  /** Where the first node goes; the others follow. */
  node: 7,
  /** → The end of the subtrees that have no parent yet: of each its root and its smallest leaf. */
  top: 8,
  base: 9,
  limit: 10,
  /** → The block of the last key, 0 before the first. */
  lastKey: 11,
  /** → Its prefix. */
  lastPrefix: 12,
  /** The version of the tree: low and high word. */
  version: 14,
} as const;
export const FRAME_BYTES = 64;
/** Of one subtree on the stack. */
export const SUBTREE_BYTES = 8;

/** Bits of a node's version. */
const VERSION_BITS = 56;

const FIELDS = Object.keys(FRAME).filter((name) => name !== 'version') as Field[];
const KEPT = ['block', 'leaves', 'top', 'lastKey', 'lastPrefix'] as const;
const OTHERS = ['shape', 'left', 'right', 'key', 'value', 'keyBytes', 'valueBytes'] as const;
const SPARE = ['first', 'second'] as const;

type Field = Exclude<keyof typeof FRAME, 'version'>;
/** A local of 32 bits; the frame is the parameter. */
export type Local = 'frame' | Field | (typeof OTHERS)[number] | (typeof SPARE)[number];

const LOCALS: readonly Local[] = ['frame', ...FIELDS, ...OTHERS, ...SPARE];
/** How many locals of 32 bits there are beside the parameter; two of 64 follow them. */
export const NUMBERS = LOCALS.length - 1;
/** The version of the node, and that of the tree. */
export const VERSION = LOCALS.length;
export const TREE_VERSION = VERSION + 1;

/** The code of `buildNodes`, whose locals have names. */
export class BuildCode extends WasmCode {
  read(name: Local): this {
    return this.get(LOCALS.indexOf(name));
  }

  write(name: Local): this {
    return this.set(LOCALS.indexOf(name));
  }

  /** Writes a local and leaves the value on the stack. */
  keep(name: Local): this {
    return this.tee(LOCALS.indexOf(name));
  }

  /** Adds to a local. */
  advance(name: Local, bytes: number): this {
    return this.read(name).i32(bytes).op(OP.i32Add).write(name);
  }

  /** Puts a word at an address on the stack. */
  field(address: Local, word: number): this {
    return this.read(address).memory(MEMORY_OP.i32Load, 4 * word);
  }

  /** Writes what `value` puts on the stack into a word of the node that is built. */
  setField(word: number, value: (code: this) => void): this {
    this.read('node');
    value(this);
    return this.memory(MEMORY_OP.i32Store, 4 * word);
  }

  /** Gives up when the number on the stack is not 0. */
  refuse(): this {
    return this.when(() => this.i32(1).op(OP.return));
  }

  /** Puts the version on the stack that stands so many bytes behind an address. */
  version(address: Local, offset: number): this {
    this.read(address).memory(MEMORY_OP.i64Load, offset);
    this.i64(64 - VERSION_BITS).op(OP.i64ShiftLeft);
    return this.i64(64 - VERSION_BITS).op(OP.i64ShiftRight);
  }

  /** Reads the frame. */
  begin(): this {
    for (const name of FIELDS) this.field('frame', FRAME[name]).write(name);
    this.read('frame').memory(MEMORY_OP.i64Load, 4 * FRAME.version);
    return this.set(TREE_VERSION);
  }

  /** Leaves in the frame what the next chunk begins with, and 0 on the stack. */
  end(): this {
    for (const name of KEPT) {
      this.read('frame')
        .read(name)
        .memory(MEMORY_OP.i32Store, 4 * FRAME[name]);
    }
    return this.i32(0);
  }
}
