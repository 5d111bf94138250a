import { strict as assert } from 'node:assert';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier, type VerifySignature } from '../wire/signature.ts';
import { BLOCK_ID_FLAG, type BlockIdFlag } from '../wire/types.ts';
import { lightBlockToJson } from './lightBlockJson.ts';
import {
  CHAIN_ID,
  flipped,
  makeBlock,
  signersOf,
  withCommit,
  withHeader,
} from './testing/chain.ts';
import { TrustedBlocks, type TrustedBlocksOptions } from './trustedBlocks.ts';
import { MemoryStore } from './trustedStore.ts';
import type { LightBlock } from './types.ts';

const signers = signersOf('stored', [5n, 5n, 5n]);
const strangers = signersOf('strangers', [5n, 5n, 5n]);
const root = makeBlock({ height: 10n, signers });
const trust = { height: 10n, hash: hashHeader(root.signedHeader.header) };
const blockAt = (height: bigint) => makeBlock({ height, signers });

const openOn = (store: MemoryStore, change: Partial<TrustedBlocksOptions> = {}) =>
  new TrustedBlocks({ store, chainId: CHAIN_ID, trust, ...change });

/** A store that an earlier run has left, with the texts changed. */
async function leftBehind(...blocks: LightBlock[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  const before = openOn(store);
  for (const block of [root, ...blocks]) await before.save(block);
  return store;
}

describe('TrustedBlocks', () => {
  it('gives back in a later run what follows from the trusted header', async () => {
    const later = openOn(await leftBehind(blockAt(12n), blockAt(20n)));
    assert.deepEqual(await later.root(), root);
    assert.deepEqual(await later.highest(), blockAt(20n));
    assert.deepEqual(await later.highest(19n), blockAt(12n));
    assert.deepEqual(await later.lowest(11n), blockAt(12n));
    assert.equal(await later.load(13n), undefined);
  });

  describe('where more than 2/3 of the power has changed since the trusted header', () => {
    // One of four leaves with every block: trust reaches three blocks far.
    const everyone = signersOf('turnover', new Array<bigint>(40).fill(10n));
    const at = (height: number): LightBlock =>
      makeBlock({
        height: BigInt(height),
        signers: everyone.slice(height, height + 4),
        nextSigners: everyone.slice(height + 1, height + 5),
      });
    const start = at(10);
    const from = { trust: { height: 10n, hash: hashHeader(start.signedHeader.header) } };
    const left = async (...heights: number[]): Promise<MemoryStore> => {
      const store = new MemoryStore();
      for (const height of [10, ...heights]) await openOn(store, from).save(at(height));
      return store;
    };

    it('follows stored blocks in between', async () => {
      const later = openOn(await left(12, 14, 16, 18, 20), from);
      await later.root();
      assert.deepEqual(await later.highest(), at(20));
      assert.deepEqual(await later.load(16n), at(16));
    });

    it('passes over those that are damaged, and those that nothing vouches for', async () => {
      const store = await left(11, 12, 13, 14, 15, 16);
      await store.write(14n, '{');
      await store.write(13n, textOf(makeBlock({ height: 13n, signers: strangers })));
      const later = openOn(store, from);
      await later.root();
      assert.deepEqual(await later.highest(), at(16));
      assert.equal(await later.load(13n), undefined);
      assert.equal(await later.load(14n), undefined);
    });

    it('takes the highest that can be reached, and tries each block once', async () => {
      const store = await left(12, 14, 18, 20, 22);
      let verified = 0;
      const verifier = {
        ...nobleVerifier,
        ed25519: (...asked: Parameters<VerifySignature>) => {
          verified += 1;
          return nobleVerifier.ed25519(...asked);
        },
      };
      const later = openOn(store, { ...from, verifier });
      await later.root();
      assert.deepEqual(await later.highest(), at(14));
      assert.deepEqual(await store.heights(), [10n, 12n, 14n]);
      assert.ok(verified < 40, `${verified} signatures`);
    });
  });

  it('keeps 1000 blocks by default, the lowest going first, and the trusted header always', async () => {
    const store = new MemoryStore();
    const text = JSON.stringify(lightBlockToJson(root));
    for (let height = 1n; height <= 1_005n; height++) await store.write(height, text);
    await openOn(store).save(blockAt(2_000n));
    const heights = await store.heights();
    assert.equal(heights.length, 1_001);
    assert.deepEqual(heights.slice(0, 3), [6n, 7n, 8n]);
    const few = openOn(store, { maxBlocks: 2 });
    await few.save(blockAt(2_001n));
    assert.deepEqual(await store.heights(), [10n, 2_000n, 2_001n]);
  });

  const damages: readonly (readonly [string, string])[] = [
    ['no JSON', '{'],
    ['another form', '{"signed_header":null}'],
    ['a changed header', textOf(withHeader(blockAt(20n), { appHash: flipped(trust.hash) }))],
    ['other validators', textOf({ ...blockAt(20n), validators: root.validators.slice(1) })],
    ['another height', textOf(blockAt(21n))],
    ['another chain', textOf(makeBlock({ height: 20n, signers, header: { chainId: 'x' } }))],
    ['a whole block of strangers', textOf(makeBlock({ height: 20n, signers: strangers }))],
    ['too long a text', ' '.repeat(20_000_001)],
  ];
  for (const [name, text] of damages) {
    it(`removes ${name}`, async () => {
      const store = await leftBehind(blockAt(12n));
      await store.write(20n, text);
      const later = openOn(store);
      await later.root();
      assert.deepEqual(await later.highest(), blockAt(12n));
      assert.deepEqual(await store.heights(), [10n, 12n]);
    });
  }

  it('removes a block that changed since this run has verified it', async () => {
    const store = new MemoryStore();
    const blocks = openOn(store);
    await blocks.save(root);
    await blocks.save(blockAt(20n));
    const other = makeBlock({ height: 20n, signers, header: { appHash: trust.hash } });
    await store.write(20n, textOf(other));
    assert.equal(await blocks.load(20n), undefined);
  });

  describe('of which somebody has changed what no hash of the header covers', () => {
    // The parts of a block are signed, but in no header: a changed commit shows in its signatures alone.
    const withParts = (block: LightBlock): LightBlock => {
      const { blockId } = block.signedHeader.commit;
      const parts = { ...blockId.parts, hash: flipped(blockId.parts.hash) };
      return withCommit(block, { blockId: { ...blockId, parts } });
    };

    it('takes no trusted header of an earlier run', async () => {
      const store = await leftBehind(blockAt(20n));
      await store.write(10n, textOf(withParts(root)));
      assert.equal(await openOn(store).root(), undefined);
      assert.deepEqual(await store.heights(), [20n]);
    });

    it('takes no block that this run has verified, nor its trusted header', async () => {
      const store = new MemoryStore();
      const blocks = openOn(store);
      for (const block of [root, blockAt(20n)]) await blocks.save(block);
      for (const block of [root, blockAt(20n)]) {
        const { height } = block.signedHeader.header;
        await store.write(height, textOf(withParts(block)));
        assert.equal(await blocks.load(height), undefined);
      }
    });

    it('takes a block with other votes, as another tab may have it', async () => {
      const four = signersOf('votes', [5n, 5n, 5n, 5n]);
      const { commit, absent } = BLOCK_ID_FLAG;
      const at = (height: bigint, flags = four.map((): BlockIdFlag => commit)) =>
        makeBlock({ height, signers: four, flags });
      const store = new MemoryStore();
      const hash = hashHeader(at(10n).signedHeader.header);
      const blocks = openOn(store, { trust: { height: 10n, hash } });
      for (const height of [10n, 20n]) {
        await blocks.save(at(height));
        const other = at(height, [commit, commit, commit, absent]);
        await store.write(height, textOf(other));
        assert.deepEqual(await blocks.load(height), other);
        await store.write(height, textOf(at(height, [commit, commit, absent, absent])));
        assert.equal(await blocks.load(height), undefined, 'too few of them');
      }
    });
  });

  it('uses nothing before the trusted header is known', async () => {
    const other = { ...trust, hash: flipped(trust.hash) };
    const later = openOn(await leftBehind(blockAt(20n)), { trust: other });
    assert.equal(await later.root(), undefined);
    assert.equal(await later.highest(), undefined);
  });
});

function textOf(block: LightBlock): string {
  return JSON.stringify(lightBlockToJson(block));
}
