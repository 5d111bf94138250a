/**
 * The store on its fast trees and on the readable ones of the tests: the same random work, with restarts, rollbacks, pruning
 * and images in between, must come to the same hashes, entries and proofs. DEPIND_TWIN_SEED repeats a run, DEPIND_TWIN_STEPS lengthens it.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { toHex, toUtf8 } from '../../wire/bytes.ts';
import { MemoryBacking } from './backing.ts';
import type { StoreProof } from './committedVersion.ts';
import { UnprovableError } from './errors.ts';
import { MultiStore } from './multiStore.ts';
import type { TreeKind } from './stateTree.ts';
import { plainTrees } from './testing/plainTree.ts';
import { storeNames } from './testing/watchedBacking.ts';

const SEED = Number(process.env.DEPIND_TWIN_SEED ?? randomInt(1 << 30));
const STEPS = Number(process.env.DEPIND_TWIN_STEPS ?? 150);

/** Whole numbers from 0 to below a limit (mulberry32). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** One store that can be opened again. */
class Twin {
  readonly #memory = new MemoryBacking();
  readonly #trees: TreeKind | undefined;
  store!: MultiStore;

  constructor(trees: TreeKind | undefined) {
    this.#trees = trees;
  }

  async open(): Promise<void> {
    this.store = await MultiStore.open({
      memory: this.#memory,
      storeNames,
      pruning: { keepRecent: 30, interval: 10 },
      imageLogBytes: 500,
      trees: this.#trees,
    });
  }
}

describe(`the store and its readable twin (DEPIND_TWIN_SEED=${SEED})`, () => {
  const keyOf = (number: number) => toUtf8(`${'k'.repeat(1 + (number % 7))}${number}`);

  it('come to the same hashes, entries and proofs', async () => {
    const draw = numbersFrom(SEED);
    const twins = [new Twin(undefined), new Twin(plainTrees)] as const;
    for (const twin of twins) await twin.open();
    const both = async (action: (store: MultiStore) => unknown) => {
      for (const { store } of twins) await action(store);
    };
    for (let step = 0; step < STEPS; step++) {
      const name = storeNames[draw(2)]!;
      for (let edits = draw(12); edits > 0; edits--) {
        const key = keyOf(draw(150));
        const value = draw(3) === 0 ? undefined : new Uint8Array(draw(90)).fill(draw(256));
        await both((store) => {
          if (value === undefined) store.store(name).delete(key);
          else store.store(name).set(key, value);
        });
      }
      const kind = draw(20);
      if (kind === 0) await both((store) => store.rollbackWorking());
      else await both((store) => store.commit());
      if (kind === 1) for (const twin of twins) await twin.open();
      const [one, other] = [twins[0].store, twins[1].store];
      const kept = Number(one.version - one.earliestVersion) + 1;
      const version = one.earliestVersion + BigInt(draw(kept));
      if (kind === 2 && one.version > 0n) await both((store) => store.rollbackTo(version));
      assert.deepEqual(one.appHash, other.appHash, `step ${step}`);
      if (step % 3 === 0 && version > 0n && version <= one.version)
        compare([one, other], version, keyOf(draw(170)));
    }
  });

  function compare([one, other]: [MultiStore, MultiStore], version: bigint, key: Uint8Array): void {
    const at = `version ${version} of ${one.version}, key ${toHex(key)}`;
    for (const name of storeNames) {
      const entries = [one, other].map((store) => [...store.at(version).store(name).iterate({})]);
      assert.deepEqual(entries[0], entries[1], at);
      const reversed = [...one.at(version).store(name).iterate({ reverse: true })];
      assert.deepEqual(reversed.reverse(), entries[1], at);
      const proofs = [one, other].map((store) => proofOf(() => store.prove(version, name, key)));
      assert.deepEqual(proofs[0], proofs[1], at);
    }
  }

  function proofOf(prove: () => StoreProof): StoreProof | string {
    try {
      return prove();
    } catch (error) {
      if (error instanceof UnprovableError) return error.message;
      throw error;
    }
  }
});
