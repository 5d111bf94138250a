/** Hashes of nodes (cosmos/iavl v1, node.go, writeHashBytes), and computing them one by one. */
import { sha256 } from '../../../wire/hash.ts';
import { ByteWriter } from '../byteWriter.ts';
import type { Arena } from './arena.ts';
import { HASH, HASH_BYTES, LEFT, RIGHT, SIZE } from './layout.ts';
import { hashOf, heightOf, keyOf, leafValue, versionOf } from './nodes.ts';

/** Computes hashes of nodes, whose versions must be set, and writes them into the nodes. */
export interface NodeHasher {
  readonly kind: 'simd' | 'scalar';
  /** Hashes the leaves at places `from` to `to` of a list. */
  hashLeaves(list: Int32Array, from: number, to: number): void;
  /** Hashes inner nodes; none may stand in the same call as a child of its own. */
  hashInners(list: Int32Array, from: number, to: number): void;
}

/** One node after another, in JavaScript: where vector instructions are missing. */
export class ScalarHasher implements NodeHasher {
  readonly kind = 'scalar';
  readonly #arena: Arena;
  readonly #writer = new ByteWriter();

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  hashLeaves(list: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#set(list[i]!, this.#hashLeaf(list[i]!));
  }

  hashInners(list: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#set(list[i]!, this.#hashInner(list[i]!));
  }

  #hashLeaf(leaf: number): Uint8Array {
    const { words } = this.#arena;
    const value = sha256(leafValue(this.#arena, leaf));
    this.#writer.signed(0).signed(1).signed(versionOf(words, leaf));
    return this.#writer.bytes(keyOf(this.#arena, leaf)).bytes(value).use(sha256);
  }

  #hashInner(node: number): Uint8Array {
    const { words } = this.#arena;
    const left = hashOf(this.#arena, words[node + LEFT]!);
    const right = hashOf(this.#arena, words[node + RIGHT]!);
    this.#writer.signed(heightOf(words, node)).signed(words[node + SIZE]!);
    return this.#writer.signed(versionOf(words, node)).bytes(left).bytes(right).use(sha256);
  }

  #set(node: number, hash: Uint8Array): void {
    this.#arena.bytes.set(hash.subarray(0, HASH_BYTES), (node + HASH) * 4);
  }
}
