import { strict as assert } from 'node:assert';
import { hashHeader } from '../wire/header.ts';
import { ProviderError } from './provider.ts';
import { type SyncOptions, syncToHeight } from './sync.ts';
import {
  CHAIN_ID,
  flipped,
  inOrder,
  makeBlock,
  SECOND,
  type Signer,
  START,
  signersOf,
  withHeader,
  withSignature,
} from './testing/chain.ts';
import { ChainProvider } from './testing/chainProvider.ts';
import type { LightBlock } from './types.ts';

const HEIGHTS = 32;
const pool = signersOf('turnover', Array<bigint>(HEIGHTS + 4).fill(10n));

/** Three validators at each height, of whom one leaves and another comes. */
function setAt(height: number): Signer[] {
  return inOrder(pool.slice(height, height + 3));
}

const blocks: LightBlock[] = [];
for (let height = 1; height <= HEIGHTS; height++) {
  const plan = { height: BigInt(height), signers: setAt(height), nextSigners: setAt(height + 1) };
  blocks.push(makeBlock(plan));
}

function optionsFor(list: readonly LightBlock[], change: Partial<SyncOptions> = {}) {
  const provider = new ChainProvider(list);
  const trust = { height: 1n, hash: hashHeader(blocks[0]!.signedHeader.header) };
  const now = START + 100n * SECOND;
  return { provider, chainId: CHAIN_ID, trust, now, ...change };
}

/** The chain with one block replaced. */
function replaced(block: LightBlock): LightBlock[] {
  const { height } = block.signedHeader.header;
  return blocks.map((old) => (old.signedHeader.header.height === height ? block : old));
}

describe('syncToHeight', () => {
  it('takes one step where the validators stay', async () => {
    const signers = signersOf('steady', [5n, 5n]);
    const steady = [1n, 10_000n].map((height) => makeBlock({ height, signers }));
    const trust = { height: 1n, hash: hashHeader(steady[0]!.signedHeader.header) };
    const now = START + 10_000n * SECOND;
    const synced = await syncToHeight(optionsFor(steady, { trust, now }), 10_000n);
    assert.ok(synced.ok);
    assert.deepEqual(synced.block.signedHeader, steady[1]!.signedHeader);
    assert.equal(synced.headersFetched, 2);
  });

  it('goes by pivots 9/16 of the way where they change, each header fetched once', async () => {
    const provider = new ChainProvider(blocks);
    const synced = await syncToHeight(optionsFor(blocks, { provider }), 32n);
    assert.ok(synced.ok);
    assert.deepEqual(synced.block.signedHeader, blocks[31]!.signedHeader);
    const { asked } = provider;
    assert.equal(asked.length, synced.headersFetched);
    assert.equal(new Set(asked).size, asked.length);
    // From 1 to 32: 1 + 31 x 9/16 = 18, then 10, 6, 3, each with whole numbers.
    assert.deepEqual(asked.slice(0, 6), [1n, 32n, 18n, 10n, 6n, 3n]);
  });

  it('gives the trusted header itself for its own height', async () => {
    const synced = await syncToHeight(optionsFor(blocks), 1n);
    assert.ok(synced.ok);
    assert.equal(synced.headersFetched, 1);
    assert.deepEqual(synced.tally, { signed: 30n, needed: 20n, total: 30n });
  });

  const reasonOf = async (list: readonly LightBlock[], change: Partial<SyncOptions> = {}) => {
    const result = await syncToHeight(optionsFor(list, change), 32n);
    return result.ok ? 'ok' : `${result.reason} at ${result.height}`;
  };

  it('refuses a target below the trusted height', async () => {
    const trust = { height: 9n, hash: hashHeader(blocks[8]!.signedHeader.header) };
    const result = await syncToHeight(optionsFor(blocks, { trust }), 8n);
    assert.ok(!result.ok);
    assert.equal(result.reason, 'belowTrusted');
    assert.equal(result.got, 'height 8');
  });

  it('refuses a trusted header of another hash', async () => {
    const trust = { height: 1n, hash: new Uint8Array(32) };
    assert.equal(await reasonOf(blocks, { trust }), 'trustedHash at 1');
  });

  it('refuses a trusted header served for another height', async () => {
    const provider = new ChainProvider(blocks);
    const served = provider.signedHeader.bind(provider);
    provider.signedHeader = (height) => served(height === 1n ? 2n : height);
    assert.equal(await reasonOf(blocks, { provider }), 'trustedHeight at 1');
  });

  it('refuses a trusted header that its own validators did not sign', async () => {
    const forged = withSignature(blocks[0]!, 0, { signature: new Uint8Array(64) });
    assert.equal(await reasonOf(replaced(forged)), 'signature at 1');
  });

  it('refuses a trusted header whose period is over', async () => {
    assert.equal(await reasonOf(blocks, { trustingPeriod: SECOND }), 'trustedExpired at 1');
  });

  it('refuses another chain', async () => {
    assert.equal(await reasonOf(blocks, { chainId: 'other' }), 'chainId at 1');
  });

  it('refuses a target that was changed', async () => {
    const target = blocks[31]!;
    const appHash = flipped(target.signedHeader.header.appHash);
    assert.equal(await reasonOf(replaced(withHeader(target, { appHash }))), 'commitBlock at 32');
  });

  it('refuses a header on the way that was changed, and names its height', async () => {
    const pivot = blocks[17]!;
    const dataHash = flipped(pivot.signedHeader.header.dataHash);
    assert.equal(await reasonOf(replaced(withHeader(pivot, { dataHash }))), 'commitBlock at 18');
  });

  it('stops at the bound of headers', async () => {
    assert.equal(await reasonOf(blocks, { maxHeaders: 4 }), 'tooManyHeaders at 6');
  });

  it('passes on that a header cannot be had', async () => {
    const gap = blocks.filter(({ signedHeader }) => signedHeader.header.height !== 18n);
    const isGone = (error: unknown) =>
      error instanceof ProviderError && error.reason === 'notFound';
    await assert.rejects(reasonOf(gap), isGone);
  });
});
