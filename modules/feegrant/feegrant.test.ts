import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatCoins } from '../../chain/math/coins.ts';
import { timestampOf } from '../../chain/state/times.ts';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { toHex, toUtf8 } from '../../wire/bytes.ts';
import {
  AllowedMsgAllowance,
  BasicAllowance,
  PeriodicAllowance,
} from '../../wire/gen/cosmos/feegrant/v1beta1/feegrant.ts';
import type { GenesisState } from '../../wire/gen/cosmos/feegrant/v1beta1/genesis.ts';
import type {
  QueryAllowanceResponse,
  QueryAllowancesResponse,
} from '../../wire/gen/cosmos/feegrant/v1beta1/query.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import { auth } from '../auth/module.ts';
import { type Allowance, type PeriodicAllowance as Periodic, spend } from './allowance.ts';
import { readAllowance, writeAllowance } from './encoding.ts';
import { queueKey } from './grants.ts';
import { grantKey, queueKeyCodec } from './keys.ts';
import { feegrant } from './module.ts';

const START = 1_700_000_000_000_000_000n;
const SECOND = 1_000_000_000n;
const SEND = '/cosmos.bank.v1beta1.MsgSend';
const { addresses } = new ModuleHarness({ modules: [] }).environment;
const bytes = (i: number): Uint8Array => new Uint8Array(20).fill(i + 1);
const account = (i: number): string => addresses.format(bytes(i));
const coins = (amount: number, denom = 'udepin') => [{ denom, amount: amount.toString() }];
const fee = (amount: bigint) => [{ denom: 'udepin', amount }];

const basic = (spendLimit = coins(100), seconds?: bigint): Any => ({
  typeUrl: '/cosmos.feegrant.v1beta1.BasicAllowance',
  value: BasicAllowance.encode({
    spendLimit,
    expiration: seconds === undefined ? undefined : timestampOf(START + seconds * SECOND),
  }).finish(),
});
const periodic = (changes: Partial<PeriodicAllowance> = {}): Any => ({
  typeUrl: '/cosmos.feegrant.v1beta1.PeriodicAllowance',
  value: PeriodicAllowance.encode({
    basic: { spendLimit: coins(100) },
    period: { seconds: 10n, nanos: 0 },
    periodSpendLimit: coins(30),
    periodCanSpend: coins(30),
    periodReset: timestampOf(START + 10n * SECOND),
    ...changes,
  }).finish(),
});
const allowed = (allowance: Any | undefined, ...allowedMessages: string[]): Any => ({
  typeUrl: '/cosmos.feegrant.v1beta1.AllowedMsgAllowance',
  value: AllowedMsgAllowance.encode({ allowance, allowedMessages }).finish(),
});

const grant = (allowance: Any | undefined, grantee = 1, granter = 0) => ({
  granter: account(granter),
  grantee: account(grantee),
  allowance,
});
const start = () => new ModuleHarness({ modules: [auth, feegrant], startTimeNs: START });
const granted = (allowance: Any): ModuleHarness => {
  const chain = start();
  chain.send(feegrant, 'grantAllowance', grant(allowance));
  return chain;
};
/** Draws a fee in a branch, as a transaction does; gives `codespace/code` when it is refused. */
const draw = (chain: ModuleHarness, amount: bigint, messages = [SEND]): string => {
  try {
    const request = { granter: bytes(0), grantee: bytes(1), fee: fee(amount), messages };
    chain.api(feegrant).useGrant(request);
    return 'paid';
  } catch (error) {
    const { codespace, code } = error as { codespace: string; code: number };
    return `${codespace}/${code}`;
  }
};
const left = (chain: ModuleHarness): Allowance => {
  const request = { granter: account(0), grantee: account(1) };
  const { allowance } = chain.query(feegrant, 'allowance', request) as QueryAllowanceResponse;
  return readAllowance(allowance!.allowance, 'allowance');
};

describe('feegrant', () => {
  it('FEE-1: keeps grants and their ends under the keys of the SDK', () => {
    const twenty = (i: number) => `14${`0${i + 1}`.repeat(20)}`;
    assert.equal(toHex(grantKey(bytes(0), bytes(1))), `00${twenty(1)}${twenty(0)}`);
    const key = queueKey({ granter: bytes(0), grantee: bytes(1) }, START + 7n * SECOND);
    assert.equal(
      toHex(queueKeyCodec.encode(key)),
      toHex(toUtf8('2023-11-14T22:13:27.000000000')) + twenty(1) + twenty(0),
    );
  });

  it('FEE-2: a basic allowance pays up to its limit, and goes when nothing is left', () => {
    const chain = granted(basic());
    assert.equal(draw(chain, 101n), 'feegrant/2');
    assert.equal(draw(chain, 60n), 'paid');
    assert.equal(draw(chain, 41n), 'feegrant/2');
    assert.equal(draw(chain, 40n), 'paid');
    assert.equal(draw(chain, 0n), 'sdk/38');
    const endless = granted(basic([]));
    assert.equal(draw(endless, 10n ** 30n), 'paid');
    assert.equal(draw(endless, 10n ** 30n), 'paid');
  });

  it('FEE-2: an allowance is good at its very end and not after it', () => {
    const chain = granted(basic(coins(100), 1n));
    chain.nextBlock(1);
    assert.equal(draw(chain, 1n), 'paid');
    chain.timeNs += 1n;
    assert.equal(draw(chain, 1n), 'feegrant/3');
  });

  it('FEE-3: a periodic allowance pays so much a period, and never more than in all', () => {
    const chain = granted(periodic());
    assert.equal(draw(chain, 31n), 'feegrant/2');
    assert.equal(draw(chain, 30n), 'paid');
    assert.equal(draw(chain, 1n), 'feegrant/2');
    chain.nextBlock(10);
    assert.equal(draw(chain, 30n), 'paid');
    const steady = left(chain) as Periodic;
    assert.equal(steady.periodReset, START + 20n * SECOND, 'in step with the first period');
    chain.nextBlock(25);
    assert.equal(draw(chain, 30n), 'paid');
    const late = left(chain) as Periodic;
    assert.equal(late.periodReset, START + 45n * SECOND, 'a period from now');
    assert.equal(formatCoins(late.basic.spendLimit!), '10udepin');
    chain.nextBlock(10);
    assert.equal(draw(chain, 11n), 'feegrant/2', 'only 10 are left in all');
    assert.equal(draw(chain, 10n), 'paid');
    assert.equal(draw(chain, 0n), 'sdk/38');
  });

  it('FEE-4: an allowance for certain messages pays for nothing else', () => {
    const chain = granted(allowed(basic(), SEND, '/x.Y'));
    assert.equal(draw(chain, 1n, [SEND, '/other.Msg']), 'feegrant/7');
    assert.equal(draw(chain, 1n, ['/x.Y', SEND]), 'paid');
    const { allowance } = left(chain) as { allowance: { spendLimit: unknown } };
    assert.deepEqual(allowance.spendLimit, fee(99n));
    assert.equal(draw(chain, 99n), 'paid');
    assert.equal(draw(chain, 1n), 'sdk/38');
  });

  it('FEE-5: refuses what is no allowance, by field', () => {
    const cases: [string, unknown, RegExp][] = [
      ['self', grant(basic(), 0), /^sdk\/7: cannot self-grant/],
      ['address', { ...grant(basic()), grantee: 'x' }, /^sdk\/7: grantee: /],
      ['none', grant(undefined), /^feegrant\/5: allowance: should not be empty/],
      ['type', grant({ typeUrl: SEND, value: new Uint8Array(0) }), /^feegrant\/5: .*MsgSend/],
      ['zero', grant(basic(coins(0))), /^sdk\/10: allowance\.spend_limit\[0\]/],
      ['past', grant(basic(coins(1), -1n)), /^sdk\/18: expiration is before/],
      ['before 1970', grant(basic(coins(1), -1_700_000_001n)), /^feegrant\/4: allowance\.exp/],
      ['behind 9999', grant(basic(coins(1), 10n ** 12n)), /^sdk\/18: .*years 1 to 9999/],
      ['empty list', grant(allowed(basic())), /^feegrant\/6: allowance\.allowed_messages/],
      ['empty inside', grant(allowed(undefined, SEND)), /^feegrant\/5: allowance\.allowance/],
      ['no limit', grant(periodic({ periodSpendLimit: [] })), /^sdk\/10: .*must be positive/],
      ['denom', grant(periodic({ periodSpendLimit: coins(1, 'uz') })), /^sdk\/10: .*invalid denom/],
      [
        'other denom',
        grant(periodic({ periodSpendLimit: coins(1, 'uother') })),
        /^sdk\/10: .*uother is not in basic\.spend_limit/,
      ],
      [
        'negative period',
        grant(periodic({ period: { seconds: -1n, nanos: 0 } })),
        /^feegrant\/4: allowance\.period: negative/,
      ],
    ];
    const chain = start();
    for (const [name, message, expected] of cases) {
      assert.match(chain.refusal(feegrant, 'grantAllowance', message), expected, name);
    }
    let nested = basic();
    for (let i = 0; i < 9; i++) nested = allowed(nested, SEND);
    chain.send(feegrant, 'grantAllowance', grant(nested));
    const deeper = grant(allowed(nested, SEND), 2);
    assert.match(chain.refusal(feegrant, 'grantAllowance', deeper), /nested more than 10 deep/);
    const again = grant(basic());
    assert.match(chain.refusal(feegrant, 'grantAllowance', again), /^sdk\/18: .*already exists/);
  });

  it('FEE-6: a revoked allowance leaves nothing behind that could end the next one', () => {
    const chain = granted(basic(coins(100), 5n));
    chain.send(feegrant, 'revokeAllowance', grant(undefined));
    const names = chain.events.map(({ type }) => type);
    assert.deepEqual(names, ['revoke_feegrant']);
    chain.send(feegrant, 'grantAllowance', grant(basic()));
    chain.nextBlock(10);
    chain.nextBlock();
    assert.equal(draw(chain, 1n), 'paid');
    const none = grant(undefined, 3);
    assert.match(chain.refusal(feegrant, 'revokeAllowance', none), /^sdk\/38: fee-grant not found/);
  });

  it('FEE-7: what has ended is taken out, 200 by a block and 75 by a message', () => {
    const chain = start();
    for (let i = 0; i < 280; i++) {
      const parties = [i % 140, 200 + Math.floor(i / 140)] as const;
      chain.send(feegrant, 'grantAllowance', grant(basic(coins(1), 1n), ...parties));
    }
    chain.send(feegrant, 'grantAllowance', grant(basic(coins(1), 9n), 1, 0));
    const count = () => (chain.export(feegrant) as GenesisState).allowances.length;
    assert.equal(count(), 281);
    chain.nextBlock(1);
    chain.nextBlock(1);
    chain.send(feegrant, 'pruneAllowances', { pruner: account(5) });
    assert.equal(count(), 206);
    chain.nextBlock();
    assert.equal(count(), 6);
    chain.nextBlock();
    assert.equal(count(), 1);
  });

  it('FEE-8: says who granted what to whom', () => {
    const chain = granted(basic());
    chain.send(feegrant, 'grantAllowance', grant(basic(), 2));
    chain.send(feegrant, 'grantAllowance', grant(basic(), 1, 2));
    const of = (method: string, request: object) =>
      (chain.query(feegrant, method, request) as QueryAllowancesResponse).allowances.map(
        ({ granter, grantee }) => [granter, grantee],
      );
    const [a, b, c] = [0, 1, 2].map(account);
    assert.deepEqual(of('allowances', { grantee: b }), [
      [a, b],
      [c, b],
    ]);
    assert.deepEqual(of('allowancesByGranter', { granter: a }), [
      [a, b],
      [a, c],
    ]);
    assert.throws(
      () => chain.query(feegrant, 'allowance', { granter: b, grantee: a }),
      /fee-grant not found/,
    );
  });

  it('FEE-9: a genesis brings back the same state, without what ended meanwhile', () => {
    const chain = granted(periodic());
    chain.send(feegrant, 'grantAllowance', grant(allowed(basic(coins(3), 5n), SEND), 2));
    const exported = chain.export(feegrant) as GenesisState;
    const again = (startTimeNs: bigint) =>
      new ModuleHarness({
        modules: [auth, feegrant],
        genesis: { feegrant: exported },
        startTimeNs,
      }).export(feegrant);
    assert.deepEqual(again(START), exported);
    assert.equal((again(START + 6n * SECOND) as GenesisState).allowances.length, 1);
  });

  it('pays for looking at type URLs by the SDK: 10 gas each', () => {
    const looks = (messages: string[]): number => {
      let count = 0;
      const payForLooking = (more: number): void => {
        count += more;
      };
      const allowance = readAllowance(allowed(basic(), SEND, '/x.Y'), 'a');
      try {
        spend(allowance, { timeNs: START, fee: fee(1n), messages, payForLooking });
      } catch {
        return count;
      }
      return count;
    };
    assert.equal(looks([SEND, SEND, SEND]), 5);
    assert.equal(looks(['/no', SEND]), 3);
  });

  it('never pays more than its limit in any period and in all, whatever is asked', () => {
    const draws = fc.array(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.bigInt(0n, 40n)), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(draws, (asked) => {
        let allowance = readAllowance(periodic(), 'a');
        let [timeNs, total, inPeriod] = [START, 0n, 0n];
        let reset = (allowance as Periodic).periodReset;
        for (const [seconds, amount] of asked) {
          timeNs += BigInt(seconds) * SECOND;
          if (timeNs >= reset) inPeriod = 0n;
          const spending = { timeNs, fee: fee(amount), messages: [], payForLooking: () => {} };
          let after: Allowance | undefined;
          try {
            after = spend(allowance, spending);
          } catch {
            continue;
          }
          [total, inPeriod] = [total + amount, inPeriod + amount];
          assert.ok(total <= 100n && inPeriod <= 30n, `${total} in all, ${inPeriod} in a period`);
          if (after === undefined) return assert.equal(total, 100n);
          allowance = after;
          reset = (allowance as Periodic).periodReset;
          assert.deepEqual(readAllowance(writeAllowance(allowance), 'a'), allowance);
        }
      }),
      { numRuns: 300 },
    );
  });
});
