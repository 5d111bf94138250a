import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { MAX_GAS_LIMIT } from '../../chain/app/fees.ts';
import { FEE_COLLECTOR } from '../../chain/app/keepers.ts';
import { MAX_UNORDERED_TIMEOUT_NS, UNORDERED_TX_GAS } from '../../chain/app/timeouts.ts';
import { MAX_ANY_DEPTH, MAX_ANYS } from '../../chain/descriptors/strict.ts';
import { isDenom } from '../../chain/math/coins.ts';
import { SDK_ERRORS } from '../../chain/module/errors.ts';
import { KV_GAS } from '../../chain/module/gas.ts';
import { auth } from '../../modules/auth/module.ts';
import { feegrantErrors } from '../../modules/feegrant/errors.ts';
import { GAS_PER_LOOK } from '../../modules/feegrant/grants.ts';
import { PRUNED_BY_MESSAGE } from '../../modules/feegrant/messages.ts';
import { PRUNED_BY_BLOCK } from '../../modules/feegrant/module.ts';
import type { Params } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';

/** Printed by `interop/txvectors constants` from the modules of SDK v0.50. */
const sdk = JSON.parse(
  readFileSync(new URL('../../chain/app/vectors/constants.json', import.meta.url), 'utf8'),
) as {
  kvGas: Record<string, number>;
  auth: Record<string, number>;
  errors: Record<string, string>;
  maxGas: string;
  anyDepth: number;
  anysInOne: number;
  denom: string;
  feeCollector: string;
};

const bigints = (numbers: Record<string, number>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, BigInt(value)]));

describe('the figures of transactions', () => {
  it('are those that Go prints: gas of stores (store/types/gas.go KVGasConfig)', () => {
    assert.deepEqual({ ...KV_GAS }, bigints(sdk.kvGas));
  });

  it('are those that Go prints: sizes and signatures (x/auth/types/params.go)', () => {
    const { sigVerifyCostSecp256r1, ...params } = bigints(sdk.auth);
    const ours = auth.definition.params!.default as Params;
    assert.deepEqual({ ...ours }, params);
    assert.equal(ours.sigVerifyCostSecp256k1 / 2n, sigVerifyCostSecp256r1, 'what P-256 costs');
  });

  it('are those that Go prints: limits (types/tx/types.go, codec/types/interface_registry.go)', () => {
    assert.equal(MAX_GAS_LIMIT.toString(), sdk.maxGas);
    assert.deepEqual([MAX_ANY_DEPTH, MAX_ANYS], [sdk.anyDepth, sdk.anysInOne]);
    assert.equal(FEE_COLLECTOR, sdk.feeCollector);
    const denom = new RegExp(`^${sdk.denom}$`);
    const longest = `a${'b'.repeat(127)}`;
    for (const text of ['ab', 'abc', longest, `${longest}b`, '1ab', 'a/:', 'a._-', 'aé1', 'a b']) {
      assert.equal(isDenom(text), denom.test(text), text);
    }
  });

  it('are those that Go prints: codes and words of errors (types/errors, x/feegrant)', () => {
    const ours = Object.fromEntries([
      ...Object.values(SDK_ERRORS).map(([code, text]) => [`sdk/${code}`, text]),
      ...Object.values(feegrantErrors).map(([code, text]) => [`feegrant/${code}`, text]),
    ]);
    // Came with v0.53.
    assert.equal(ours['sdk/42'], 'tx timeout');
    delete ours['sdk/42'];
    assert.deepEqual(ours, sdk.errors);
  });

  it('are those of sources that export them not, or came later', () => {
    // x/auth/ante/sigverify.go of v0.53: DefaultUnorderedTxGasCost, DefaultMaxTimeoutDuration.
    assert.equal(UNORDERED_TX_GAS, 2240n);
    assert.equal(MAX_UNORDERED_TIMEOUT_NS, 10n * 60n * 1_000_000_000n);
    // x/feegrant: gasCostPerIteration, EndBlocker, PruneAllowances.
    assert.deepEqual([GAS_PER_LOOK, PRUNED_BY_BLOCK, PRUNED_BY_MESSAGE], [10n, 200, 75]);
  });
});
