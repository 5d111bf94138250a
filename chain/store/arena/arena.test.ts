import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { toHex } from '../../../wire/bytes.ts';
import { VersionError } from '../errors.ts';
import { MAX_KEY_BYTES } from '../kvStore.ts';
import { Arena, ArenaTree } from './index.ts';

const keyOf = (i: number): Uint8Array => createHash('sha256').update(`${i}`).digest();

function filled(arena: Arena, keys: number): ArenaTree {
  const tree = new ArenaTree(arena);
  for (let i = 0; i < keys; i++) tree.set(keyOf(i), new Uint8Array(40).fill(i));
  tree.saveVersion(1);
  return tree;
}

describe('memory of an arena', () => {
  it('stays below 250 bytes a key of 32 bytes with a value of 40', () => {
    const keys = 10_000;
    const arena = new Arena();
    filled(arena, keys);
    assert.ok(arena.usedBytes / keys < 210, `${arena.usedBytes / keys} bytes in use`);
    assert.ok(arena.reservedBytes / keys < 250, `${arena.reservedBytes / keys} bytes taken`);
  });

  it('does not grow while versions come and go', () => {
    const arena = new Arena();
    const tree = filled(arena, 500);
    let settled = 0;
    for (let version = 2; version <= 120; version++) {
      for (let i = 0; i < 150; i++) {
        const key = keyOf((version * 150 + i) % 500);
        if (i % 10 === 0) tree.remove(key);
        else tree.set(key, new Uint8Array(version % 20).fill(i));
      }
      tree.saveVersion(version);
      if (version > 4) tree.release(version - 3);
      if (version === 40) settled = arena.reservedBytes;
    }
    assert.ok(arena.reservedBytes <= settled * 1.1, `${settled} grew to ${arena.reservedBytes}`);
  });

  it('is refused when it is full, and the tree rolls back to its saved version', () => {
    const arena = new Arena({ maxBytes: 1 << 20 });
    const tree = filled(arena, 1000);
    const before = toHex(tree.view(1).rootHash);
    const used = arena.usedBytes;
    const fill = () => {
      for (let i = 0; i < 100_000; i++) tree.set(keyOf(i), new Uint8Array(40));
    };
    assert.throws(fill, /RangeError: the arena is full/);
    tree.rollback();
    assert.equal(tree.size, 1000);
    assert.deepEqual(tree.get(keyOf(7)), new Uint8Array(40).fill(7));
    // Only the pieces of the edit that failed may be lost.
    assert.ok(arena.usedBytes - used < 200, `${arena.usedBytes - used} bytes are lost`);
    tree.set(keyOf(7), Uint8Array.of(1));
    tree.saveVersion(2);
    tree.view(2).verify();
    assert.equal(toHex(tree.view(1).rootHash), before);
  });

  it('takes the longest key and values of any length', () => {
    const trees = [false, true].map((scalar) => new ArenaTree(new Arena({ scalar })));
    for (const tree of trees) {
      for (const length of [
        1,
        54,
        55,
        56,
        64,
        118,
        119,
        120,
        400,
        503,
        504,
        70_000,
        MAX_KEY_BYTES,
      ]) {
        tree.set(new Uint8Array(length).fill(3), new Uint8Array(length).fill(4));
      }
      tree.set(Uint8Array.of(9), new Uint8Array(300_000));
      tree.saveVersion(2 ** 40);
      assert.equal(tree.get(new Uint8Array(MAX_KEY_BYTES).fill(3))?.length, MAX_KEY_BYTES);
    }
    const roots = trees.map((tree) => toHex(tree.view(2 ** 40).rootHash));
    assert.equal(roots[0], roots[1]);
    assert.throws(() => trees[0]!.set(new Uint8Array(MAX_KEY_BYTES + 1), keyOf(1)), TypeError);
    assert.throws(() => trees[0]!.set(new Uint8Array(0), keyOf(1)), TypeError);
  });
});

describe('trees of an arena', () => {
  it('share it without touching each other', () => {
    const arena = new Arena();
    const [a, b] = [filled(arena, 500), filled(arena, 500)];
    const root = toHex(b.view(1).rootHash);
    for (let i = 0; i < 500; i++) a.remove(keyOf(i));
    a.saveVersion(2);
    a.release(1);
    for (let i = 0; i < 400; i++) a.set(keyOf(i), keyOf(i));
    a.saveVersion(3);
    b.view(1).verify();
    assert.equal(toHex(b.view(1).rootHash), root);
  });

  it('refuse versions that are not above the latest, and to release it', () => {
    const tree = filled(new Arena(), 3);
    for (const version of [1, 0, -1, 1.5, 2 ** 51, Number.NaN]) {
      assert.throws(() => tree.saveVersion(version), RangeError, `${version}`);
      assert.throws(() => tree.rootHash(version), RangeError, `${version}`);
    }
    assert.throws(() => tree.release(1), RangeError);
    assert.throws(() => tree.release(7), VersionError);
    assert.throws(() => tree.view(0), VersionError);
  });

  it('stop an iteration whose entries may be gone', () => {
    const tree = filled(new Arena(), 50);
    const working = tree.iterate({})[Symbol.iterator]();
    working.next();
    const saved = tree.view(1);
    const ofSaved = saved.iterate({})[Symbol.iterator]();
    ofSaved.next();
    tree.set(keyOf(1), Uint8Array.of(1));
    tree.saveVersion(2);
    assert.throws(() => working.next(), /saved or rolled back/);
    assert.ok(!ofSaved.next().done);
    tree.release(1);
    assert.throws(() => ofSaved.next(), VersionError);
    assert.throws(() => saved.get(keyOf(1)), VersionError);
    assert.throws(() => saved.rootHash, VersionError);
  });

  it('find a node that was altered', () => {
    const arena = new Arena();
    const tree = filled(arena, 300);
    const view = tree.view(1);
    view.verify();
    const { root } = view.nodes();
    const left = arena.words[root]!;
    // A bit of the hash of the root's left child: it is neither what its content gives nor what the root holds.
    arena.words[left + 8]! ^= 1;
    assert.throws(() => view.verify(), /has hash .* its content gives/);
  });
});
