import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TxResult } from '../../chain/abci/types.ts';
import { createNodeVerifier } from '../../chain/app/nodeVerifier.ts';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import { localAppState } from '../../modules/genesis.ts';
import { formatAddress, moduleAddress, parseAddress } from '../../wire/address.ts';
import { fromHex } from '../../wire/bytes.ts';
import { TestChain } from '../support/testChain.ts';

/** Printed by interop/antevectors: transactions and what the ante handler of SDK v0.50 makes of them, one behind the other. */
const { accounts, collected, vectors } = JSON.parse(
  readFileSync(new URL('../../chain/app/vectors/ante.json', import.meta.url), 'utf8'),
) as {
  accounts: { address: string; number: number; sequence: number; balance: string }[];
  collected: string;
  vectors: { tx: string; change: string; result: string }[];
};

const RICH = 1_000_000_000n;

/** The accounts of the vectors with their numbers, and what the first one grants. */
function appState(): JsonObject {
  const bytes = accounts.map(({ address }) => parseAddress('depin', address));
  const state = localAppState({
    // The last one has nothing.
    accounts: bytes.slice(0, 8).map((address) => ({ address, balance: RICH })),
    validators: [
      {
        moniker: 'a',
        operator: bytes[0]!,
        consensusKey: new Uint8Array(32).fill(1),
        stake: 1_000_000n,
      },
    ],
  });
  const grant = (grantee: number, allowance: JsonObject): JsonObject => ({
    granter: accounts[0]!.address,
    grantee: accounts[grantee]!.address,
    allowance,
  });
  const basic = (limit: JsonObject[]): JsonObject => ({
    '@type': '/cosmos.feegrant.v1beta1.BasicAllowance',
    spend_limit: limit,
  });
  return {
    ...state,
    auth: {
      ...(state.auth as JsonObject),
      accounts: accounts.map(({ address, number }) => ({
        '@type': '/cosmos.auth.v1beta1.BaseAccount',
        address,
        account_number: number.toString(),
      })),
    },
    feegrant: {
      allowances: [
        grant(1, basic([{ denom: 'udepin', amount: '300000' }])),
        grant(2, {
          '@type': '/cosmos.feegrant.v1beta1.AllowedMsgAllowance',
          allowance: basic([]),
          allowed_messages: ['/cosmos.bank.v1beta1.MsgMultiSend'],
        }),
      ],
    },
  };
}

/** The messages ask for more than there is: one that fails in them has passed the ante handler. */
function resultOf({ codespace, code, log }: TxResult): string {
  return log.startsWith('failed to execute message') ? 'ok' : `${codespace}/${code}`;
}

describe('transactions and the ante handler of the SDK', () => {
  it('end alike, in codes, sequences and fees', async () => {
    const { verifier } = await createNodeVerifier({ workers: 0 });
    const chain = await TestChain.start({ appState: appState(), verifier });
    // Where Go panics there is nothing to compare with.
    const compared = vectors.filter(({ result }) => result !== 'panic');
    const results = await chain.block(compared.map(({ tx }) => fromHex(tx, 'tx')));
    const wrong = compared.flatMap(({ change, result }, i) => {
      const ours = resultOf(results[i]!);
      // What has no messages does not get as far: baseapp refuses it before the ante handler.
      const isSame = ours === result || (change === 'no messages' && ours === 'sdk/18');
      return isSame ? [] : [`${i} ${change}: ${ours} (${results[i]!.log}), the SDK ${result}`];
    });
    assert.deepEqual(wrong, []);
    assert.ok(compared.length > 400 && new Set(compared.map(({ result }) => result)).size > 12);
    for (const { address, sequence, balance } of accounts) {
      assert.equal(await chain.sequenceOf(address), BigInt(sequence), address);
      assert.equal(await chain.balanceOf(address), BigInt(balance), address);
    }
    const collector = formatAddress('depin', moduleAddress('fee_collector'));
    assert.equal(await chain.balanceOf(collector), BigInt(collected));
  }).timeout(20_000);
});
