import type { WasmFunction } from '../../wasm/webAssembly.ts';
import type { Arena } from './arena.ts';
import { FRAME, FRAME_BYTES, SUBTREE_BYTES } from './buildCode.ts';
import { CHUNK_HEADER_BYTES } from './imageLayout.ts';
import type { ImagePart } from './imagePart.ts';
import { NODE_BYTES, TWO_32 } from './layout.ts';
import type { TreeBuilder } from './treeBuilder.ts';

/** More than an AVL tree of 2^32 leaves has on a way (1.44 · 32): so many subtrees wait for a parent at most. */
const MOST_SUBTREES = 64;

/** Builds a tree out of the chunks of an image in WebAssembly, with the checks of TreeBuilder, as long as all fits. */
export class FastBuilder {
  readonly #arena: Arena;
  readonly #buildNodes: WasmFunction;
  /** The word where the frame begins; the subtrees that wait for a parent stand behind it. */
  readonly #frame: number;
  #subtrees = 0;
  #lastKey = 0;
  #lastPrefix = 0;

  /** For a tree of `version`. @throws RangeError when the arena is full. */
  constructor(arena: Arena, functionOf: (name: string) => WasmFunction, version: number) {
    this.#arena = arena;
    this.#buildNodes = functionOf('buildNodes');
    this.#frame = arena.takeBytes(FRAME_BYTES + MOST_SUBTREES * SUBTREE_BYTES) / 4;
    const at = this.#frame + FRAME.version;
    arena.words[at] = version | 0;
    arena.words[at + 1] = version / TWO_32;
  }

  /**
   * Builds the nodes of a chunk whose blocks lie in the arena from word `block` on. Whether all of them fit; otherwise
   * it is as if the chunk had not been there. @throws RangeError when the arena is full.
   */
  build(part: ImagePart, block: number): boolean {
    const before = this.subtrees();
    const { frame, words } = this.#prepare(part, block);
    const isRight = this.#buildNodes(frame * 4) === 0;
    const isWhole =
      words[frame + FRAME.leaves] === 0 &&
      words[frame + FRAME.block] === words[frame + FRAME.blocksEnd];
    if (!isRight || !isWhole) {
      this.#restore(before);
      return false;
    }
    this.#arena.takeNodes(part.nodes);
    this.#subtrees = (words[frame + FRAME.top]! - words[frame + FRAME.base]!) / SUBTREE_BYTES;
    this.#lastKey = words[frame + FRAME.lastKey]!;
    this.#lastPrefix = words[frame + FRAME.lastPrefix]!;
    return true;
  }

  /** Leaves what was built to another builder. */
  handOver(builder: TreeBuilder): void {
    builder.resume(this.subtrees(), this.#lastKey >>> 2);
  }

  /** The numbers of a chunk go behind where its nodes will be: that memory is taken by the next ones. */
  #prepare({ chunk, nodes, leaves, hashes, lengths, blocks }: ImagePart, block: number) {
    const arena = this.#arena;
    const node = arena.reserve(nodes * NODE_BYTES + blocks);
    const numbers = node + nodes * NODE_BYTES;
    const { words, bytes } = arena;
    bytes.set(chunk.subarray(0, blocks), numbers);
    const frame = this.#frame;
    const base = frame * 4 + FRAME_BYTES;
    const fields = {
      shapes: numbers + CHUNK_HEADER_BYTES,
      hashes: numbers + hashes,
      lengths: numbers + lengths,
      block: block * 4,
      blocksEnd: block * 4 + chunk.length - blocks,
      nodes,
      leaves,
      node,
      base,
      top: base + this.#subtrees * SUBTREE_BYTES,
      limit: base + MOST_SUBTREES * SUBTREE_BYTES,
      lastKey: this.#lastKey,
      lastPrefix: this.#lastPrefix,
    };
    for (const [name, value] of Object.entries(fields))
      words[frame + FRAME[name as keyof typeof fields]] = value;
    return { frame, words };
  }

  /** The subtrees that wait for a parent: root and smallest leaf of each. */
  subtrees(): [root: number, smallest: number][] {
    const { words } = this.#arena;
    const start = this.#frame + FRAME_BYTES / 4;
    return Array.from({ length: this.#subtrees }, (_, i) => [
      words[start + 2 * i]! >>> 2,
      words[start + 2 * i + 1]! >>> 2,
    ]);
  }

  #restore(subtrees: readonly (readonly [root: number, smallest: number])[]): void {
    const { words } = this.#arena;
    let at = this.#frame + FRAME_BYTES / 4;
    for (const [root, smallest] of subtrees) {
      words[at++] = root << 2;
      words[at++] = smallest << 2;
    }
  }
}
