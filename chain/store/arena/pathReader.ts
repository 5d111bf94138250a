import type { WasmFunction } from '../../wasm/webAssembly.ts';
import type { Arena } from './arena.ts';
import { heightOf } from './nodes.ts';
import { PATH_BYTES } from './pathKernel.ts';
import type { Edit } from './pendingEdits.ts';

/** Paths that are read at once. */
const MOST_PATHS = 64;

/** Reads the paths to many keys level by level, so that the reads of one level wait for memory together. */
export class PathReader {
  readonly #arena: Arena;
  readonly #readPaths: WasmFunction;
  readonly #list: number;

  constructor(arena: Arena, functionOf: (name: string) => WasmFunction) {
    this.#arena = arena;
    this.#readPaths = functionOf('readPaths');
    this.#list = arena.takeBytes(MOST_PATHS * PATH_BYTES);
  }

  /** Brings the nodes on the ways to the keys of the first `count` edits into the cache. Changes nothing. */
  read(root: number, edits: readonly Edit[], count: number): void {
    const { words } = this.#arena;
    const paths = Math.min(count, MOST_PATHS);
    let at = this.#list / 4;
    for (let i = 0; i < paths; i++) {
      const edit = edits[i]!;
      words[at] = root;
      words[at + 1] = edit.prefix;
      words[at + 2] = edit.key;
      at += PATH_BYTES / 4;
    }
    // The last round reads the key of the leaf.
    this.#readPaths(this.#list, paths, heightOf(words, root) + 1);
  }
}
