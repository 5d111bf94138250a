import { toUtf8 } from '../../wire/bytes.ts';
import { encodeCommitmentProof } from '../../wire/ics23/index.ts';
import { appHashOf, proveStore, type StoreHash } from './commitInfo.ts';
import { EMPTY_HASH } from './emptyHash.ts';
import { UnprovableError } from './errors.ts';
import type { Unprovable } from './proofOps.ts';
import { decodeRecord } from './records.ts';
import type { StoreView } from './storeView.ts';

/** One step of a proof as ABCI carries it; `data` is a CommitmentProof of ICS23. */
export interface ProofOp<Type extends string> {
  readonly type: Type;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

/** The proof of a key under the AppHash; a value of undefined means that the key is absent. */
export interface StoreProof {
  readonly value: Uint8Array | undefined;
  readonly ops: readonly [ProofOp<'ics23:iavl'>, ProofOp<'ics23:simple'>];
}

const UNPROVABLE: Readonly<Record<Unprovable, string>> = {
  emptyTree: 'the store has no keys, and ICS23 proves absence only by a neighbouring key',
  emptyValue: 'ICS23 cannot prove a key that has an empty value',
};

/** A committed version. What left memory is brought back when it is read; once it is pruned, reads are refused. */
export class CommittedVersion {
  readonly version: bigint;
  /** 32 bytes; sha256("") at version 0. */
  readonly appHash: Uint8Array;
  readonly #views: ReadonlyMap<string, StoreView>;

  /** The views stand in the order of the AppHash. */
  constructor(version: number, views: ReadonlyMap<string, StoreView>) {
    this.version = BigInt(version);
    this.#views = views;
    this.appHash = version === 0 ? EMPTY_HASH : appHashOf(this.#hashes());
  }

  /** A store to read. @throws RangeError when there is no such store. */
  store(name: string): StoreView {
    const view = this.#views.get(name);
    if (view === undefined) throw new RangeError(`there is no store "${name}"`);
    return view;
  }

  /** Root hash, 32 bytes, by store name. */
  get storeRoots(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.#hashes().map(({ name, hash }) => [name, hash]));
  }

  /**
   * Reads the whole version and computes all hashes of its trees anew. Cost: O(n) reads and hashes.
   * @throws DamagedStoreError naming the store that does not read or is not what the AppHash says.
   */
  verify(): void {
    for (const [store, view] of this.#views) {
      decodeRecord({ store, version: Number(this.version) }, () => view.verify());
    }
  }

  /**
   * The proof that a key has its value, or is absent, under this AppHash.
   * @throws RangeError for an unknown store, UnprovableError when ICS23 has no such proof.
   */
  prove(storeName: string, key: Uint8Array): StoreProof {
    const result = this.store(storeName).prove(key);
    if (typeof result === 'string') throw new UnprovableError(storeName, key, UNPROVABLE[result]);
    const ofKey = encodeCommitmentProof(result.proof);
    const ofStore = encodeCommitmentProof(proveStore(this.#hashes(), storeName));
    const ops = [
      { type: 'ics23:iavl', key, data: ofKey },
      { type: 'ics23:simple', key: toUtf8(storeName), data: ofStore },
    ] as const;
    return { value: result.value, ops };
  }

  #hashes(): StoreHash[] {
    return [...this.#views].map(([name, view]) => ({ name, hash: view.rootHash }));
  }
}
