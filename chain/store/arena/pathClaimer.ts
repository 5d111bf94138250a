import type { WasmFunction } from '../../wasm/webAssembly.ts';
import type { Arena } from './arena.ts';
import { CLAIM, CLAIM_BYTES, CLAIM_HEADER_BYTES, LEAF_WORD } from './claimKernel.ts';
import { TWO_32 } from './layout.ts';
import type { Edit } from './pendingEdits.ts';

/** What the nodes of a path get. */
export interface PathClaim {
  readonly mark: number;
  readonly version: number;
}

/** Makes paths the working state's own where their nodes lie: for replays, which keep no version that has them. */
export class PathClaimer {
  readonly #arena: Arena;
  readonly #claimPath: WasmFunction;
  readonly #claim: number;

  constructor(arena: Arena, functionOf: (name: string) => WasmFunction) {
    this.#arena = arena;
    this.#claimPath = functionOf('claimPath');
    this.#claim = arena.takeBytes(CLAIM_HEADER_BYTES + CLAIM_BYTES);
  }

  /**
   * The leaf of an edit's key, after all nodes down to it got mark and version, and were added to `made` unless they had
   * the mark; 0 when there is no such leaf, and nothing was changed.
   */
  claim(root: number, edit: Edit, { mark, version, made }: PathClaim & { made: number[] }): number {
    const { words } = this.#arena;
    const at = this.#claim / 4;
    words[at + CLAIM.prefix] = edit.prefix;
    words[at + CLAIM.key] = edit.key;
    words[at + CLAIM.mark] = mark;
    words[at + CLAIM.versionLow] = version | 0;
    words[at + CLAIM.versionHigh] = version / TWO_32;
    const count = this.#claimPath(this.#claim, root);
    if (count < 0) return 0;
    const path = at + CLAIM_HEADER_BYTES / 4;
    for (let i = 0; i < count; i++) made.push(words[path + i]!);
    return words[path + LEAF_WORD]!;
  }
}
