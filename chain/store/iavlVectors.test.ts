/** Roots and proofs against those that cosmos/iavl and cosmossdk.io/store printed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromBase64, fromHex, toHex } from '../../wire/bytes.ts';
import { MemoryBacking } from './backing.ts';
import type { KVStore } from './kvStore.ts';
import { MultiStore } from './multiStore.ts';

interface VectorVersion {
  version: number;
  operations: string[];
  root: string;
}
interface KeyProof {
  version: number;
  key: string;
  exists: boolean;
  value: string;
  proof: string;
}
interface TreeVectors {
  versions: VectorVersion[];
  proofs: KeyProof[];
}
interface MultiVectors {
  stores: string[];
  versions: {
    version: number;
    operations: Record<string, string[]>;
    workingHash: string;
    appHash: string;
  }[];
  proofs: {
    version: number;
    store: string;
    key: string;
    value: string;
    types: string[];
    opKeys: string[];
    data: string[];
  }[];
}

const vectors: { tree: TreeVectors; initial: TreeVectors; multi: MultiVectors } = JSON.parse(
  readFileSync(new URL('./vectors/iavl.json', import.meta.url), 'utf8'),
);

function apply(store: KVStore, operations: readonly string[]): void {
  for (const operation of operations) {
    const [kind, key, value] = operation.split(' ');
    if (kind === 's') store.set(fromHex(key!), fromHex(value!));
    else store.delete(fromHex(key!));
  }
}

/** Commits every version; `reopen` closes and opens the store between two versions. */
async function replay({ versions }: TreeVectors, reopen: boolean): Promise<MultiStore> {
  const options = { memory: new MemoryBacking(), storeNames: ['tree'], imageLogBytes: 4096 };
  let store = await MultiStore.open(options);
  for (const { version, operations, root } of versions) {
    apply(store.store('tree'), operations);
    await store.commit({ version: BigInt(version) });
    const got = store.at(BigInt(version)).storeRoots.get('tree')!;
    assert.equal(toHex(got), root, `root of version ${version}`);
    if (reopen) {
      await store.close();
      store = await MultiStore.open(options);
    }
  }
  return store;
}

function checkProofs(store: MultiStore, proofs: readonly KeyProof[]): void {
  for (const { version, key, exists, value, proof } of proofs) {
    const got = store.prove(BigInt(version), 'tree', fromHex(key));
    assert.equal(got.value && toHex(got.value), exists ? value : undefined, `${version} ${key}`);
    assert.equal(toHex(got.ops[0].data), toHex(fromBase64(proof)), `${version} ${key}`);
  }
}

describe('vectors of cosmos/iavl', () => {
  it('cover at least 2,000 operations over 50 versions', () => {
    const { versions, proofs } = vectors.tree;
    assert.ok(versions.flatMap(({ operations }) => operations).length >= 2000);
    assert.ok(versions.length >= 50);
    assert.ok(proofs.filter(({ exists }) => exists).length >= 12);
    assert.ok(proofs.filter(({ exists }) => !exists).length >= 12);
  });

  for (const reopen of [false, true]) {
    const how = reopen ? 'reopening after each version' : 'in one go';
    it(`give equal roots and proofs at every version, ${how}`, async () => {
      const store = await replay(vectors.tree, reopen);
      checkProofs(store, vectors.tree.proofs);
    });
  }

  it('give equal roots and proofs from an initial version of a million', async () => {
    const store = await replay(vectors.initial, false);
    checkProofs(store, vectors.initial.proofs);
    assert.equal(store.earliestVersion, 1_000_000n);
  });
});

describe('vectors of cosmossdk.io/store', () => {
  it('give equal working hashes, AppHashes and proofs over five stores, also empty ones', async () => {
    const { stores, versions, proofs } = vectors.multi;
    const store = await MultiStore.open({ memory: true, storeNames: stores });
    for (const { version, operations, workingHash, appHash } of versions) {
      for (const name of stores) apply(store.store(name), operations[name] ?? []);
      assert.equal(toHex(store.workingHash()), workingHash, `working hash ${version}`);
      const committed = await store.commit();
      assert.equal(committed.version, BigInt(version));
      assert.equal(toHex(committed.appHash), appHash, `AppHash ${version}`);
    }
    for (const { version, store: name, key, value, types, opKeys, data } of proofs) {
      const got = store.prove(BigInt(version), name, fromHex(key));
      assert.equal(toHex(got.value ?? new Uint8Array(0)), value);
      assert.deepEqual(
        got.ops.map((op) => op.type),
        types,
      );
      assert.deepEqual(
        got.ops.map((op) => toHex(op.key)),
        opKeys,
      );
      assert.deepEqual(
        got.ops.map((op) => toHex(op.data)),
        data.map((text) => toHex(fromBase64(text))),
      );
    }
  });
});
