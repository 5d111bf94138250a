import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TxResult } from '../../chain/abci/types.ts';
import { createNodeVerifier } from '../../chain/app/nodeVerifier.ts';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import { AUTH_PREFIX } from '../../modules/auth/keys.ts';
import { localAppState } from '../../modules/genesis.ts';
import { parseAddress } from '../../wire/address.ts';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { TestChain } from '../support/testChain.ts';

interface Vector {
  readonly tx: string;
  readonly case: string;
  readonly result: string;
}

/** Printed by interop/sdk053/unorderedvectors: what the ante handler of SDK v0.53 makes of unordered transactions. */
const { accounts, blocks } = JSON.parse(
  readFileSync(new URL('../../chain/app/vectors/unordered.json', import.meta.url), 'utf8'),
) as {
  accounts: { address: string; number: number; sequence: number; balance: string }[];
  blocks: { time: string; vectors: readonly Vector[]; nonces: readonly string[] }[];
};

const SECOND = 1_000_000_000n;

/** The SDK has forgotten that it was there in the block of that very time, and takes it a second time. */
const TWICE_IN_THE_SDK = 'at its very timeout';

function appState(): JsonObject {
  const bytes = accounts.map(({ address }) => parseAddress('depin', address));
  const consensusKey = new Uint8Array(32).fill(1);
  const state = localAppState({
    accounts: bytes.map((address) => ({ address, balance: 1_000_000_000n })),
    validators: [{ moniker: 'a', operator: bytes[0]!, consensusKey, stake: 1_000_000n }],
  });
  const numbered = accounts.map(({ address, number }) => ({
    '@type': '/cosmos.auth.v1beta1.BaseAccount',
    address,
    account_number: number.toString(),
  }));
  return { ...state, auth: { ...(state.auth as JsonObject), accounts: numbered } };
}

/** The messages ask for more than there is: one that fails in them has passed the ante handler. */
function resultOf({ codespace, code, log }: TxResult): string {
  return log.startsWith('failed to execute message') ? 'ok' : `${codespace}/${code}`;
}

/** The keys of used timeouts in the store. */
function noncesOf(chain: TestChain): string[] {
  const prefix = AUTH_PREFIX.unorderedNonces;
  const range = { start: Uint8Array.of(prefix), end: Uint8Array.of(prefix + 1) };
  const entries = chain.app.store.at(chain.height).store('acc').iterate(range);
  return [...entries].map(([key]) => toHex(key));
}

/** The part of such a key that says when it runs out. */
const timeOf = (nonce: string): bigint => BigInt(`0x${nonce.slice(2, 18)}`) - (1n << 63n);

describe('unordered transactions and the ante handler of the SDK v0.53', () => {
  it('end alike block by block, and leave the same nonces', async () => {
    const { verifier } = await createNodeVerifier({ workers: 0 });
    const chain = await TestChain.start({ appState: appState(), verifier });
    for (const { time, vectors, nonces } of blocks) {
      chain.timeNs = BigInt(time) - SECOND;
      const results = await chain.block(vectors.map(({ tx }) => fromHex(tx, 'tx')));
      const ours = vectors.map((vector, i) => `${vector.case}: ${resultOf(results[i]!)}`);
      const theirs = vectors.map(
        (vector) =>
          `${vector.case}: ${vector.case === TWICE_IN_THE_SDK ? 'sdk/18' : vector.result}`,
      );
      assert.deepEqual(ours, theirs);
      const kept = noncesOf(chain);
      assert.deepEqual(
        nonces.filter((nonce) => !kept.includes(nonce)),
        [],
      );
      for (const nonce of kept) {
        const isLater = !nonces.includes(nonce);
        if (isLater) assert.equal(timeOf(nonce), BigInt(time), 'forgotten in the next block');
      }
    }
    for (const { address, sequence, balance } of accounts) {
      assert.equal(await chain.sequenceOf(address), BigInt(sequence), address);
      assert.equal(await chain.balanceOf(address), BigInt(balance), address);
    }
  });

  it('cover what can be wrong with one', () => {
    const vectors = blocks.flatMap((block) => block.vectors);
    assert.ok(vectors.length > 50);
    assert.deepEqual([...new Set(vectors.map(({ result }) => result))].sort(), [
      'ok',
      'sdk/11',
      'sdk/18',
      'sdk/30',
      'sdk/42',
      'sdk/8',
    ]);
    const twice = vectors.filter((vector) => vector.case === TWICE_IN_THE_SDK);
    assert.deepEqual(
      twice.map(({ result }) => result),
      ['ok'],
    );
  });
});
