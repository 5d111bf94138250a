/** A chain that began anew under the next revision of its name, as after an upgrade by export: heights and trust are its own. */
import { strict as assert } from 'node:assert';
import { hashHeader } from '../wire/header.ts';
import { ProviderError } from './provider.ts';
import { CHAIN_ID, NO_BLOCK, SECOND, withHeader } from './testing/chain.ts';
import { linkedChain } from './testing/linkedChain.ts';
import { blockAt, blocks, failure, four, openClient, TestNode } from './testing/nodes.ts';
import { MemoryStore } from './trustedStore.ts';
import type { LightBlock } from './types.ts';
import { verify } from './verify.ts';

const NEXT_CHAIN = CHAIN_ID.replace(/1$/, '2');
/** The same validators go on under the next name, from height 1 on. */
const restarted = linkedChain({
  length: 12,
  signersAt: () => four,
  headerAt: (height) => ({ chainId: NEXT_CHAIN, ...(height === 1 && { lastBlockId: NO_BLOCK }) }),
});
/** The chain of one name whose first block has height 7. */
const late = linkedChain({
  length: 14,
  signersAt: () => four,
  headerAt: (height) => (height === 7 ? { lastBlockId: NO_BLOCK } : {}),
}).slice(6);

const hashOf = ({ signedHeader }: LightBlock) => hashHeader(signedHeader.header);

describe('A chain of another revision', () => {
  it('is not trusted from one before, though the same validators signed it', () => {
    const trusted = blockAt(3);
    const now = trusted.signedHeader.header.time + 60n * SECOND;
    const untrusted = restarted[8]!;
    const verdict = verify({ trusted, untrusted, trustingPeriod: 3_600n * SECOND, now });
    assert.deepEqual(verdict, {
      ok: false,
      reason: 'chainId',
      got: `"${NEXT_CHAIN}"`,
      expected: `"${CHAIN_ID}"`,
    });
    const renamed = withHeader(untrusted, { chainId: CHAIN_ID });
    const other = verify({ trusted, untrusted: renamed, trustingPeriod: 3_600n * SECOND, now });
    assert.equal(other.ok ? 'ok' : other.reason, 'commitBlock', 'its name is in its hash');
  });

  it('makes a node be left, and no witness confirms it', async () => {
    const client = await openClient({ primary: new TestNode(), witnesses: [new TestNode()] });
    const moved = new TestNode(restarted);
    const primary = await client.withPrimary(async (node) => node);
    primary.signedHeader = moved.signedHeader.bind(moved);
    const error = await failure(client.verifyToHeight(9n));
    assert.equal(error.reason, 'noWitness');
    assert.deepEqual(
      (await client.status()).removed.map(({ name, why }) => [name, /chainId/.test(why)]),
      [['primary', true]],
    );
  });

  it('has its own trust, and takes nothing that a store holds of the one before', async () => {
    const store = new MemoryStore();
    const before = await openClient({ store });
    await before.verifyToHeight(9n);
    const node = () => new TestNode(restarted);
    const after = await openClient({
      store,
      chainId: NEXT_CHAIN,
      primary: node(),
      witnesses: [node()],
      trust: { height: 2n, hash: hashOf(restarted[1]!), period: 3_600n * SECOND },
    });
    assert.equal((await after.status()).height, 2n);
    assert.deepEqual(await after.verifyToHeight(9n), restarted[8]);
    await assert.rejects(before.verifyToHeight(12n), /lost the trusted header|chainId/);
  });
});

describe('A chain that does not begin at height 1', () => {
  const open = (height: bigint) =>
    openClient({
      primary: new TestNode(late),
      witnesses: [new TestNode(late)],
      trust: { height, hash: hashOf(late[Number(height) - 7]!), period: 3_600n * SECOND },
    });

  it('is followed from its first block on, and back to it', async () => {
    assert.deepEqual(await (await open(7n)).verifyToHeight(14n), late[7]);
    assert.deepEqual(await (await open(10n)).verifyToHeight(7n), late[0]);
  });

  it('has nothing below that, whatever a node shows', async () => {
    const honest = await open(7n);
    await assert.rejects(honest.verifyToHeight(6n), ProviderError);
    const liar = new TestNode([...blocks.slice(0, 6), ...late]);
    const client = await openClient({
      primary: liar,
      witnesses: [new TestNode(late)],
      trust: { height: 8n, hash: hashOf(late[1]!), period: 3_600n * SECOND },
    });
    await assert.rejects(client.verifyToHeight(6n));
    const told = await client.status();
    assert.match(
      told.removed[0]?.why ?? '',
      /lastBlockId: got none: 7 is the chain's first height/,
    );
  });
});
