import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toHex } from '../../../wire/bytes.ts';
import { encodeCommitmentProof } from '../../../wire/ics23/index.ts';
import { VersionError } from '../errors.ts';
import type { TreeProof, Unprovable } from '../proofOps.ts';
import { Tree } from '../testing/tree.ts';
import { proveKey } from '../testing/treeProof.ts';
import type { TreeView } from '../testing/treeView.ts';
import { Arena } from './arena.ts';
import { ArenaTree } from './arenaTree.ts';

type Bytes = Uint8Array;
type Edit = ValueOf<typeof edit>;
type Block = ValueOf<typeof block>;
type ValueOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

// Few keys that collide often, with equal beginnings, and now and then a long one.
const key = fc.oneof(
  { weight: 12, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 2, max: 12 }) },
  { weight: 4, arbitrary: fc.uint8Array({ minLength: 5, maxLength: 7, max: 1 }) },
  { weight: 1, arbitrary: fc.nat(600).map((length) => new Uint8Array(length + 1).fill(7)) },
);
const value = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 3 }) },
  { weight: 1, arbitrary: fc.nat(600).map((length) => new Uint8Array(length).fill(9)) },
);
const edit = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('remove' as const), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hash' as const), skip: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('watch' as const) }) },
);
const block = fc.record({
  edits: fc.array(edit, { maxLength: 30 }),
  end: fc.constantFrom('save', 'save', 'save', 'rollback'),
  skip: fc.constantFrom(0, 0, 0, 1, 2 ** 33),
  release: fc.option(fc.nat(10)),
});

const hexEntries = (entries: Iterable<[Bytes, Bytes]>): string[] =>
  [...entries].map(([k, v]) => `${toHex(k)}=${toHex(v)}`);

const proofText = (proof: TreeProof | Unprovable): string =>
  typeof proof === 'string'
    ? proof
    : `${proof.value && toHex(proof.value)} ${toHex(encodeCommitmentProof(proof.proof))}`;

const PROBES = [0, 1, 3, 6, 11, 12, 13].flatMap((a) => [Uint8Array.of(a), Uint8Array.of(a, 5)]);

/** The arena tree and its readable twin, which keeps everything. */
class Pair {
  readonly arena: Arena;
  readonly tree: ArenaTree;
  readonly twin = new Tree(() => assert.fail('all is in memory'));
  readonly saved = new Map<number, TreeView>();
  readonly watched: { readonly seen: Iterator<[Bytes, Bytes]>; readonly expected: string[] }[] = [];

  constructor(scalar: boolean) {
    this.arena = new Arena({ scalar });
    this.tree = new ArenaTree(this.arena, undefined, 80);
  }

  apply(step: Edit): void {
    const next = this.tree.version + 1;
    switch (step.kind) {
      case 'set':
        this.tree.set(step.key, step.value);
        this.twin.set(step.key, step.value);
        return;
      case 'remove':
        assert.equal(this.tree.remove(step.key), this.twin.remove(step.key));
        return;
      case 'hash':
        assert.deepEqual(
          this.tree.rootHash(next + step.skip),
          this.twin.rootHash(next + step.skip),
        );
        return;
      case 'watch':
        this.watched.push({
          seen: this.tree.iterate({})[Symbol.iterator](),
          expected: hexEntries(this.twin.iterate({})),
        });
    }
  }

  checkWorking(): void {
    assert.deepEqual(hexEntries(this.tree.iterate({})), hexEntries(this.twin.iterate({})));
    for (const { seen, expected } of this.watched) {
      const got: string[] = [];
      for (let step = seen.next(); !step.done; step = seen.next()) {
        got.push(...hexEntries([step.value]));
      }
      assert.deepEqual(got, expected, 'an iteration shows the entries of its beginning');
    }
    this.watched.length = 0;
    assert.equal(this.tree.size, this.twin.size);
  }

  save(version: number): void {
    const { rootHash } = this.tree.saveVersion(version);
    this.twin.saveVersion(version);
    assert.equal(toHex(rootHash), toHex(this.twin.saved.rootHash), `root of ${version}`);
    this.saved.set(version, this.twin.saved);
  }

  checkSaved(version: number, expected: TreeView): void {
    const view = this.tree.view(version);
    assert.equal(toHex(view.rootHash), toHex(expected.rootHash));
    assert.deepEqual(hexEntries(view.iterate({})), hexEntries(expected.iterate({})));
    const range = { start: Uint8Array.of(2), end: Uint8Array.of(8, 1), reverse: true };
    assert.deepEqual(hexEntries(view.iterate(range)), hexEntries(expected.iterate(range)));
    for (const probe of PROBES) {
      assert.deepEqual(view.get(probe), expected.get(probe));
      assert.equal(view.has(probe), expected.has(probe));
      assert.equal(proofText(view.prove(probe)), proofText(proveKey(expected, probe)));
    }
    view.verify();
  }

  release(version: number): void {
    this.tree.release(version);
    this.saved.delete(version);
    assert.throws(() => this.tree.view(version), VersionError);
  }
}

function run(blocks: readonly Block[], scalar: boolean): void {
  const pair = new Pair(scalar);
  const emptyBytes = pair.arena.usedBytes;
  for (const { edits, end, skip, release } of blocks) {
    for (const step of edits) pair.apply(step);
    pair.checkWorking();
    if (end === 'save') {
      pair.save(pair.tree.version + 1 + skip);
    } else {
      pair.tree.rollback();
      pair.twin.rollback();
      pair.checkWorking();
    }
    const releasable = [...pair.saved.keys()].slice(0, -1);
    if (release !== null && releasable.length > 0) {
      pair.release(releasable[release % releasable.length]!);
    }
    for (const [version, expected] of pair.saved) pair.checkSaved(version, expected);
  }
  finish(pair, emptyBytes);
}

/** Nothing may leak: without keys and with one version kept the arena is as in the beginning. */
function finish(pair: Pair, emptyBytes: number): void {
  for (const [found] of [...pair.tree.iterate({})]) pair.tree.remove(found);
  pair.tree.saveVersion(pair.tree.version + 1);
  for (const version of pair.tree.versions().slice(0, -1)) pair.tree.release(version);
  assert.equal(pair.arena.usedBytes, emptyBytes, 'all is given back');
}

const replayed = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ key, value }) },
    { weight: 2, arbitrary: fc.record({ key, value: fc.constant(undefined) }) },
  ),
  { maxLength: 150 },
);

/** The first versions are saved one by one in both trees; the others in one, and replayed in the other. */
function checkReplay(
  versions: readonly ValueOf<typeof replayed>[],
  first: number,
  scalar: boolean,
): void {
  const [stepwise, replaying] = [new ArenaTree(new Arena()), new ArenaTree(new Arena({ scalar }))];
  const emptyBytes = replaying.arena.usedBytes;
  for (const [index, edits] of versions.entries()) {
    if (index >= first) replaying.replayAs(index + 1);
    for (const tree of [stepwise, replaying]) {
      for (const { key, value } of edits) {
        if (value === undefined) tree.delete(key);
        else tree.set(key, value);
      }
    }
    stepwise.saveVersion(index + 1);
    if (index < first || index === versions.length - 1) replaying.saveVersion(index + 1);
    for (const tree of [stepwise, replaying]) {
      for (const old of tree.versions()) if (old < tree.version) tree.release(old);
    }
  }
  const view = replaying.view(versions.length);
  assert.equal(toHex(view.rootHash), toHex(stepwise.view(versions.length).rootHash));
  assert.deepEqual(hexEntries(view.iterate({})), hexEntries(stepwise.iterate({})));
  assert.equal(replaying.arena.usedBytes, stepwise.arena.usedBytes, 'nothing is lost or kept');
  view.verify();
  for (const [found] of [...replaying.iterate({})]) replaying.delete(found);
  replaying.saveVersion(versions.length + 1);
  replaying.release(versions.length);
  assert.equal(replaying.arena.usedBytes, emptyBytes, 'all is given back');
}

describe('ArenaTree', () => {
  it('hashes with vector instructions here', () => {
    assert.equal(new Arena().hasher.kind, 'simd');
    assert.equal(new Arena({ scalar: true }).hasher.kind, 'scalar');
  });

  it('equals its twin: edits, rollback, old versions, proofs, releases in any order', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => run(blocks, false)),
      { numRuns: 120 },
    );
  });

  it('equals its twin also when it hashes node by node', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => run(blocks, true)),
      { numRuns: 50 },
    );
  });

  it('comes by a replay to what it is after saving each version', () => {
    fc.assert(
      fc.property(
        fc.array(replayed, { minLength: 1, maxLength: 6 }),
        fc.nat(3),
        fc.boolean(),
        checkReplay,
      ),
      { numRuns: 120 },
    );
  });

  it('refuses a replay with edits that are not saved, with several versions, and going back from one', () => {
    const tree = new ArenaTree(new Arena());
    tree.set(Uint8Array.of(1), Uint8Array.of(1));
    assert.throws(() => tree.replayAs(1), /edits since the last one/);
    tree.saveVersion(1);
    tree.saveVersion(2);
    assert.throws(() => tree.replayAs(3), RangeError);
    tree.release(1);
    tree.replayAs(3);
    assert.throws(() => tree.rollback(), /cannot be rolled back/);
    assert.throws(() => tree.view(2), VersionError);
  });
});
