import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toHex } from '../../../wire/bytes.ts';
import { FastBuilder } from './fastBuilder.ts';
import { readPart } from './imagePart.ts';
import {
  Arena,
  ArenaTree,
  type ArenaView,
  type ExportedNode,
  ImageReader,
  imageOf,
  treeFromImage,
  treeFromNodes,
} from './index.ts';

/** A tree of several versions, the latest large enough for more than one chunk if `padding` is. */
function sample(keys: number, padding = 0): ArenaTree {
  const tree = new ArenaTree(new Arena());
  for (let version = 1; version <= 4; version++) {
    for (let i = version; i <= keys; i += version) {
      const key = Uint8Array.of(i >> 8, i, 7, 7, i % 3);
      tree.set(key, new Uint8Array(i % 5 === 0 ? padding : i % 7).fill(version));
    }
    tree.remove(Uint8Array.of(0, version * 3, 7, 7, 0));
    tree.saveVersion(version * 10);
  }
  return tree;
}

const latestView = (tree: ArenaTree): ArenaView => tree.view(tree.version);

/** Everything a tree holds: its nodes and, by the root hash after an edit, what their hashes are. */
function contentOf(tree: ArenaTree): unknown {
  const nodes = [...latestView(tree).exportNodes()].map(describeNode);
  latestView(tree).verify();
  tree.set(Uint8Array.of(200), Uint8Array.of(1));
  tree.remove(Uint8Array.of(0, 4, 7, 7, 1));
  const next = toHex(tree.rootHash(tree.version + 1));
  tree.rollback();
  return { version: tree.version, size: tree.size, nodes, next };
}

const describeNode = ({ key, value, version, height }: ExportedNode): string =>
  `${height} ${version} ${toHex(key)} ${value?.length} ${value && toHex(value.subarray(0, 8))}`;

/** What comes of chunks that are built in WebAssembly, or in JavaScript: the root and the use of memory, or an error. */
function outcomeOf(chunks: readonly Uint8Array[], scalar: boolean): string {
  const arena = new Arena({ scalar });
  try {
    const read = treeFromImage(arena, chunks);
    return `${toHex(latestView(read).rootHash)} ${arena.usedBytes}`;
  } catch (error) {
    return String(error);
  }
}

describe('image of a version', () => {
  for (const [what, keys, padding] of [
    ['no key', 0, 0],
    ['one key', 1, 0],
    ['many keys', 700, 0],
    ['several chunks', 300, 40_000],
  ] as const) {
    it(`gives the same tree again: ${what}`, () => {
      const tree = sample(keys, padding);
      const chunks = [...imageOf(latestView(tree))];
      assert.equal(chunks.length > 2, padding > 0);
      for (const scalar of [false, true]) {
        const read = treeFromImage(new Arena({ scalar }), chunks);
        assert.deepEqual(contentOf(read), contentOf(tree));
        assert.deepEqual(latestView(read).rootHash, latestView(tree).rootHash);
      }
    });
  }

  it('is of the version it was asked for, also while later ones are made', () => {
    const tree = sample(300, 40_000);
    const { rootHash } = tree.view(20);
    const chunks: Uint8Array[] = [];
    for (const chunk of imageOf(tree.view(20))) {
      chunks.push(chunk);
      tree.set(Uint8Array.of(1, 2), chunk.subarray(0, 50));
      tree.saveVersion(tree.version + 1);
    }
    const read = treeFromImage(new Arena(), chunks);
    assert.equal(read.version, 20);
    assert.deepEqual(latestView(read).rootHash, rootHash);
  });

  it('is built in WebAssembly, and is the careful way to the same nodes', () => {
    const tree = new ArenaTree(new Arena());
    for (let i = 0; i < 90; i++) {
      // Long and short keys that begin alike; values without bytes, and in blocks of every kind of class.
      tree.set(new Uint8Array(1 + (i % 9)).fill(i % 10), new Uint8Array((i * 37) % 3000).fill(i));
      tree.set(new Uint8Array(490 + 40 * i).fill(200 + (i % 3)), new Uint8Array(i % 3));
    }
    tree.saveVersion(2 ** 33 + 5);
    const [header, ...chunks] = [...imageOf(latestView(tree))] as [Uint8Array, ...Uint8Array[]];
    const arena = new Arena();
    const builder = new FastBuilder(arena, arena.functionOf!, 2 ** 33 + 5);
    for (const chunk of chunks) {
      const part = readPart(chunk);
      const block = arena.adoptBlocks(chunk.subarray(part.blocks));
      assert.equal(builder.build(part, block), true);
    }
    assert.equal(builder.subtrees().length, 1);
    assert.deepEqual(
      contentOf(treeFromImage(new Arena({ scalar: true }), [header, ...chunks])),
      contentOf(treeFromImage(new Arena(), [header, ...chunks])),
    );
    assert.equal(outcomeOf([header, ...chunks], false), outcomeOf([header, ...chunks], true));
  });

  it('of more subtrees without a parent than a tree has is refused as a whole', () => {
    const tree = new ArenaTree(new Arena());
    for (let i = 0; i < 200; i++) tree.set(Uint8Array.of(i, 1), Uint8Array.of(i));
    tree.saveVersion(3);
    const [header, chunk] = [...imageOf(latestView(tree))] as [Uint8Array, Uint8Array];
    // All shapes are those of leaves.
    const fields = new DataView(chunk.buffer);
    for (let i = 0; i < fields.getUint32(0, true); i++) fields.setUint32(8 + 8 * i + 4, 0, true);
    assert.throws(() => treeFromImage(new Arena(), [header, chunk]), /more leaves than 200/);
    assert.equal(outcomeOf([header, chunk], false), outcomeOf([header, chunk], true));
  });

  it('may be read from a buffer that is used again', () => {
    const tree = sample(300, 40_000);
    const buffer = new Uint8Array(2 << 20);
    const reader = new ImageReader(new Arena());
    for (const chunk of imageOf(latestView(tree))) {
      // An odd place: nothing may depend on how a chunk is aligned.
      buffer.set(chunk, 3);
      reader.push(buffer.subarray(3, 3 + chunk.length));
      buffer.fill(0xff);
    }
    latestView(reader.finish()).verify();
  });

  it('is refused when a chunk is missing, doubled, cut, longer or out of order', () => {
    const [header, first, second, ...rest] = [...imageOf(latestView(sample(300, 40_000)))];
    const wrong: Record<string, (Uint8Array | undefined)[]> = {
      nothing: [],
      'no header': [first, second, ...rest],
      'one missing': [header, first, ...rest],
      'the last missing': [header, first, second, ...rest.slice(0, -1)],
      doubled: [header, first, first, second, ...rest],
      'out of order': [header, second, first, ...rest],
      'two headers': [header, header, first, second, ...rest],
      cut: [header, first?.subarray(0, -1), second, ...rest],
      longer: [header, new Uint8Array([...(first ?? []), 0]), second, ...rest],
    };
    for (const [what, chunks] of Object.entries(wrong)) {
      const given = chunks.map((chunk) => chunk as Uint8Array);
      assert.throws(() => treeFromImage(new Arena(), given), TypeError, what);
      assert.equal(outcomeOf(given, false), outcomeOf(given, true), what);
    }
  });

  it('with any byte altered is refused, or found by verify, or the same in what counts', () => {
    const tree = sample(12);
    const whole = [...imageOf(latestView(tree))];
    const expected = contentOf(tree);
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(1), fc.nat(), fc.integer({ min: 1, max: 255 }), (part, at, flip) => {
        const chunks = whole.map((chunk) => chunk.slice());
        const chunk = chunks[part] as Uint8Array;
        chunk[at % chunk.length]! ^= flip;
        assert.equal(outcomeOf(chunks, false), outcomeOf(chunks, true));
        try {
          const read = treeFromImage(new Arena(), chunks);
          latestView(read).verify();
          assert.deepEqual(contentOf(read), expected);
        } catch (error) {
          if (error instanceof assert.AssertionError) {
            // The header's version is not hashed: nothing but a checksum, or its owner, can know it.
            const isHeaderVersion = part === 0 && at % chunk.length >= 8 && at % chunk.length < 16;
            assert.ok(isHeaderVersion, `byte ${at % chunk.length} of chunk ${part} was changed`);
          }
          refused++;
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(refused > 300, `only ${refused} were refused`);
  });
});

describe('nodes of a version', () => {
  for (const keys of [0, 1, 2, 700]) {
    it(`give the same tree again: ${keys} keys`, () => {
      const tree = sample(keys);
      const nodes = [...latestView(tree).exportNodes()];
      const read = treeFromNodes(new Arena(), tree.version, nodes);
      assert.deepEqual(contentOf(read), contentOf(tree));
    });
  }

  it('are refused when they do not make a balanced, ordered tree of the version', () => {
    const tree = sample(40);
    const nodes = [...latestView(tree).exportNodes()];
    const inner = nodes.findIndex(({ height }) => height === 2);
    const leaf = nodes.findIndex(({ height }) => height === 0);
    const change = (at: number, changed: Partial<ExportedNode>) =>
      nodes.map((node, i) => (i === at ? { ...node, ...changed } : node));
    const wrong: Record<string, ExportedNode[]> = {
      'a missing leaf': nodes.filter((_, i) => i !== leaf),
      'a missing root': nodes.slice(0, -1),
      'a node after the root': [...nodes, nodes[leaf] as ExportedNode],
      'a leaf of a later version': change(leaf, { version: 41 }),
      'a leaf of version 0': change(leaf, { version: 0 }),
      'a fork older than its leaves': change(inner, { version: 1 }),
      'a height too high': change(inner, { height: 3 }),
      'a height below 0': change(inner, { height: -1 }),
      'another key of a fork': change(inner, { key: Uint8Array.of(1) }),
      'a value of a fork': change(inner, { value: Uint8Array.of(1) }),
      'a leaf without value': change(leaf, { value: undefined }),
      'an empty key': change(leaf, { key: new Uint8Array(0) }),
      'two equal keys': change(leaf + 1, { key: nodes[leaf]!.key }),
    };
    for (const [what, given] of Object.entries(wrong)) {
      assert.throws(() => treeFromNodes(new Arena(), 40, given), TypeError, what);
    }
    assert.throws(() => treeFromNodes(new Arena(), 39, nodes), TypeError);
    assert.throws(() => treeFromNodes(new Arena(), 0, []), RangeError);
  });
});
