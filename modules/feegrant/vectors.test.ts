import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ChainError } from '../../chain/module/errors.ts';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { GenesisState } from '../../wire/gen/cosmos/feegrant/v1beta1/genesis.ts';
import { sha256 } from '../../wire/hash.ts';
import { auth } from '../auth/module.ts';
import { feegrant } from './module.ts';

interface Operation {
  readonly kind: 'grant' | 'revoke' | 'use';
  readonly granter: number;
  readonly grantee: number;
  /** Hex of the allowance in an Any of this type. */
  readonly allowance?: string;
  readonly typeUrl?: string;
  /** Base units; 0 is left out. */
  readonly fee?: number;
  readonly messages?: readonly string[];
  /** `ok`, or codespace and code. */
  readonly result: string;
}

/** Printed by interop/feegrantvectors: what the SDK's x/feegrant does. */
const blocks = JSON.parse(
  readFileSync(new URL('./vectors/feegrant.json', import.meta.url), 'utf8'),
) as readonly {
  /** Nanoseconds since the block before. */
  readonly after: number;
  readonly operations: readonly Operation[];
  /** SHA-256 of the exported genesis at the end of the block. */
  readonly genesis: string;
}[];

const START = 1_700_000_000_000_000_000n;

const addressOf = (i: number): Uint8Array => {
  const bytes = new Uint8Array(20);
  bytes.set([i >> 8, i & 0xff]);
  bytes[19] = 7;
  return bytes;
};

function apply(chain: ModuleHarness, operation: Operation): void {
  const { kind, allowance, typeUrl = '', fee = 0, messages = [] } = operation;
  const granter = addressOf(operation.granter);
  const grantee = addressOf(operation.grantee);
  const { addresses } = chain.environment;
  const texts = { granter: addresses.format(granter), grantee: addresses.format(grantee) };
  if (kind === 'use') {
    const coins = fee === 0 ? [] : [{ denom: 'udepin', amount: BigInt(fee) }];
    chain.api(feegrant).useGrant({ granter, grantee, fee: coins, messages });
  } else if (kind === 'revoke') chain.send(feegrant, 'revokeAllowance', texts);
  else {
    const value = fromHex(allowance ?? '', 'allowance');
    chain.send(feegrant, 'grantAllowance', { ...texts, allowance: { typeUrl, value } });
  }
}

function resultOf(chain: ModuleHarness, operation: Operation): string {
  try {
    apply(chain, operation);
    return 'ok';
  } catch (error) {
    if (error instanceof ChainError) return `${error.codespace}/${error.code}`;
    throw error;
  }
}

describe('feegrant and the module of the SDK', () => {
  it('answer alike and keep the same bytes, over 60 blocks of random operations', () => {
    const chain = new ModuleHarness({ modules: [auth, feegrant], startTimeNs: START });
    const results = new Map<string, number>();
    for (const [height, { after, operations, genesis }] of blocks.entries()) {
      chain.timeNs += BigInt(after);
      for (const [i, operation] of operations.entries()) {
        const result = resultOf(chain, operation);
        assert.equal(result, operation.result, `block ${height}, operation ${i} ${operation.kind}`);
        results.set(
          `${operation.kind} ${result}`,
          (results.get(`${operation.kind} ${result}`) ?? 0) + 1,
        );
      }
      chain.nextBlock(0);
      const state = GenesisState.encode(chain.export(feegrant) as GenesisState).finish();
      assert.equal(toHex(sha256(state)), genesis, `the state after block ${height}`);
    }
    assert.ok((results.get('grant ok') ?? 0) > 200 && (results.get('use ok') ?? 0) > 100);
    assert.ok(results.size >= 10, [...results].join('; '));
  });
});
