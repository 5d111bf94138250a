/** Verifying backwards, and header by header. */
import { strict as assert } from 'node:assert';
import { hashHeader } from '../wire/header.ts';
import { syncBackward } from './backward.ts';
import { ProviderError } from './provider.ts';
import { syncSequentially } from './sequential.ts';
import { openTrust, type SyncOptions, trustedStart } from './sync.ts';
import {
  CHAIN_ID,
  inOrder,
  makeBlock,
  NO_BLOCK,
  SECOND,
  START,
  signersOf,
  withHeader,
  withSignature,
} from './testing/chain.ts';
import { ChainProvider } from './testing/chainProvider.ts';
import { linkedChain } from './testing/linkedChain.ts';
import type { LightBlock } from './types.ts';

const NONE = new Uint8Array(0);
const LENGTH = 12;
const pool = signersOf('directions', Array<bigint>(LENGTH + 4).fill(10n));
const signersAt = (height: number) => inOrder(pool.slice(height, height + 3));
const blocks = linkedChain({ length: LENGTH, signersAt });

interface Case {
  readonly list?: readonly LightBlock[];
  readonly from: number;
  readonly to: bigint;
  readonly change?: Partial<SyncOptions>;
}

async function go(sync: typeof syncBackward, { list = blocks, from, to, change }: Case) {
  const provider = new ChainProvider(list);
  const trust = { height: BigInt(from), hash: hashHeader(blocks[from - 1]!.signedHeader.header) };
  const now = START + 60n * SECOND;
  const options = { provider, chainId: CHAIN_ID, trust, now, ...change };
  const start = await openTrust({ ...options, provider: new ChainProvider(blocks) });
  assert.ok(start.ok);
  return { result: await sync({ ...start, headersFetched: 0 }, options, to), provider };
}

async function reasonOf(sync: typeof syncBackward, given: Case): Promise<string> {
  const { result } = await go(sync, given);
  return result.ok ? 'ok' : `${result.reason} at ${result.height}`;
}

/** The chain with one block replaced. */
function replaced(height: number, change: (block: LightBlock) => LightBlock): LightBlock[] {
  return blocks.map((block, index) => (index === height - 1 ? change(block) : block));
}

describe('syncBackward', () => {
  const back = { from: 9, to: 3n };

  it('follows the hashes of last blocks, one header for each height', async () => {
    const { result, provider } = await go(syncBackward, back);
    assert.ok(result.ok);
    assert.deepEqual(result.block, blocks[2]);
    assert.deepEqual(result.tally, { signed: 30n, needed: 20n, total: 30n });
    assert.deepEqual(provider.asked, [8n, 7n, 6n, 5n, 4n, 3n]);
    assert.equal(result.headersFetched, 6);
  });

  it('stops before it begins when there are too many headers in between', async () => {
    const reason = await reasonOf(syncBackward, { ...back, change: { maxHeaders: 5 } });
    assert.equal(reason, 'tooManyHeaders at 3');
    assert.equal(await reasonOf(syncBackward, { ...back, change: { maxHeaders: 6 } }), 'ok');
  });

  type Lie = readonly [what: string, reason: string, height: number, change: Change];
  type Change = (block: LightBlock) => LightBlock;
  const withAppHash: Change = (block) => withHeader(block, { appHash: new Uint8Array(32) });
  const lies: readonly Lie[] = [
    ['a header on the way that was changed', 'lastBlockId at 5', 5, withAppHash],
    ['a target that was changed', 'lastBlockId at 3', 3, withAppHash],
    [
      'another header, well signed',
      'lastBlockId at 5',
      5,
      () => makeBlock({ height: 5n, signers: signersAt(5) }),
    ],
    [
      'a commit of the target that is not signed',
      'signature at 3',
      3,
      (block) => withSignature(block, 0, { signature: new Uint8Array(64) }),
    ],
    [
      'other validators of the target',
      'validatorsHash at 3',
      3,
      (block) => ({ ...block, validators: blocks[8]!.validators }),
    ],
  ];
  for (const [what, reason, height, change] of lies) {
    it(`refuses ${what}`, async () => {
      const list = replaced(height, change);
      assert.equal(await reasonOf(syncBackward, { ...back, list }), reason);
    });
  }

  it('refuses a header of another height', async () => {
    const provider = new ChainProvider(blocks);
    const served = provider.signedHeader.bind(provider);
    provider.signedHeader = (height) => served(height === 5n ? 4n : height);
    const reason = await reasonOf(syncBackward, { ...back, change: { provider } });
    assert.equal(reason, 'heightNotLower at 5');
  });

  it('refuses a time that does not fall, though the hashes fit', async () => {
    const late = { time: START + 30n * SECOND };
    const odd = linkedChain({ length: 9, signersAt, headerAt: (h) => (h === 5 ? late : {}) });
    const provider = new ChainProvider(odd);
    const block = odd[8]!;
    const tally = { signed: 30n, needed: 20n, total: 30n };
    const trust = { height: 9n, hash: hashHeader(block.signedHeader.header) };
    const options = { provider, chainId: CHAIN_ID, trust, now: START + 60n * SECOND };
    const start = { ok: true, block, tally, headersFetched: 0, trace: [block] } as const;
    const result = await syncBackward(start, options, 3n);
    assert.equal(result.ok ? 'ok' : `${result.reason} at ${result.height}`, 'timeNotEarlier at 5');
  });

  it('refuses a header without a hash below the first block, which names none', async () => {
    const signers = signersAt(1);
    const first = makeBlock({ height: 9n, signers, header: { lastBlockId: NO_BLOCK } });
    const below = makeBlock({ height: 7n, signers: signersOf('nobody', [1n]) });
    const hash = hashHeader(below.signedHeader.header);
    const lastBlockId = { hash, parts: { total: 1, hash } };
    const between = withHeader(first, {
      height: 8n,
      time: START + 8n * SECOND,
      lastBlockId,
      validatorsHash: NONE,
    });
    const provider = new ChainProvider([below, between]);
    const trust = { height: 9n, hash: hashHeader(first.signedHeader.header) };
    const options = { provider, chainId: CHAIN_ID, trust, now: START + 60n * SECOND };
    for (const to of [7n, 8n]) {
      const result = await syncBackward(trustedStart(first), options, to);
      assert.equal(result.ok ? 'ok' : `${result.reason} at ${result.height}`, 'lastBlockId at 8');
    }
  });

  it('goes back only', async () => {
    for (const to of [0n, 9n, 10n]) {
      await assert.rejects(
        go(syncBackward, { from: 9, to }),
        /^RangeError: height: expected 1 to 8/,
      );
    }
  });
});

describe('syncSequentially', () => {
  const ahead = { from: 2, to: 9n };

  it('verifies each header by the one before', async () => {
    const { result, provider } = await go(syncSequentially, ahead);
    assert.ok(result.ok);
    assert.deepEqual(result.block, blocks[8]);
    assert.deepEqual(provider.asked, [3n, 4n, 5n, 6n, 7n, 8n, 9n]);
    assert.equal(result.headersFetched, 7);
  });

  it('stops at the first header that is wrong', async () => {
    const change = (block: LightBlock) => withHeader(block, { appHash: new Uint8Array(32) });
    const list = replaced(5, change);
    assert.equal(await reasonOf(syncSequentially, { ...ahead, list }), 'commitBlock at 5');
  });

  it('stops before it begins when there are too many headers in between', async () => {
    const reason = await reasonOf(syncSequentially, { ...ahead, change: { maxHeaders: 6 } });
    assert.equal(reason, 'tooManyHeaders at 9');
    assert.equal(await reasonOf(syncSequentially, { ...ahead, change: { maxHeaders: 7 } }), 'ok');
  });

  it('takes no other height for the one that was asked for', async () => {
    const provider = new ChainProvider(blocks);
    const served = provider.signedHeader.bind(provider);
    provider.signedHeader = (height) => served(height === 3n ? 4n : height);
    await assert.rejects(go(syncSequentially, { ...ahead, change: { provider } }), ProviderError);
  });

  it('goes ahead only', async () => {
    await assert.rejects(go(syncSequentially, { from: 2, to: 2n }), /^RangeError: height/);
  });
});
