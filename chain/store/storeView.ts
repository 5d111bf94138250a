import type { ExportedNode, SavedTree } from './arena/contract.ts';
import { checkKey, type KeyRange, type KeyValue, type ReadonlyStore } from './kvStore.ts';
import type { TreeProof, Unprovable } from './proofOps.ts';

/** Entries read at once: a few for those who look for the first, more for those who read on. */
const FIRST_PAGE = 16;
const LAST_PAGE = 1024;

/**
 * One store at a committed version. The version may leave memory and come back between two reads, also
 * between two entries of an iteration; once it is pruned, reads are refused.
 */
export class StoreView implements ReadonlyStore {
  /** 32 bytes; sha256("") without keys. */
  readonly rootHash: Uint8Array;
  readonly #tree: () => SavedTree;

  /** `tree` gives the version wherever it is by now, to be read at once. */
  constructor(rootHash: Uint8Array, tree: () => SavedTree) {
    this.rootHash = rootHash;
    this.#tree = tree;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    checkKey(key);
    return this.#tree().get(key);
  }

  has(key: Uint8Array): boolean {
    checkKey(key);
    return this.#tree().has(key);
  }

  *iterate(range: KeyRange): Generator<KeyValue, void, undefined> {
    let rest = range;
    for (let size = FIRST_PAGE; ; size = Math.min(2 * size, LAST_PAGE)) {
      const page = this.#page(rest, size);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < size) return;
      rest = range.reverse ? { ...range, end: last[0] } : { ...range, start: keyAfter(last[0]) };
    }
  }

  prove(key: Uint8Array): TreeProof | Unprovable {
    return this.#tree().prove(key);
  }

  /** All nodes as cosmos/iavl exports them, to be taken without a pause. */
  exportNodes(): Iterable<ExportedNode> {
    return this.#tree().exportNodes();
  }

  /** Computes all hashes anew. @throws Error naming a node that has another. */
  verify(): void {
    this.#tree().verify();
  }

  #page(range: KeyRange, size: number): KeyValue[] {
    const page: KeyValue[] = [];
    for (const entry of this.#tree().iterate(range)) {
      page.push(entry);
      if (page.length === size) break;
    }
    return page;
  }
}

/** The first key behind a key. */
function keyAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
