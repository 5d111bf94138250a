import assert from 'node:assert/strict';
import { MsgDefinition as BankMessages } from '../../wire/gen/cosmos/bank/v1beta1/tx.ts';
import { Params } from '../../wire/gen/depin/credits/v1/credits.ts';
import { EventCreditsSpent } from '../../wire/gen/depin/credits/v1/events.ts';
import { GenesisState as CreditsGenesis } from '../../wire/gen/depin/credits/v1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/depin/credits/v1/query.ts';
import { type MsgBuyCredits, MsgDefinition } from '../../wire/gen/depin/credits/v1/tx.ts';
import { uint64Key } from '../../wire/keys.ts';
import { item, map, sequence } from '../state/collections.ts';
import type { ReadOnly } from '../state/declarations.ts';
import { uint64Value } from '../state/values.ts';
import { ModuleHarness } from '../testing/moduleHarness.ts';
import { defineModule, type Handlers, hook, NO_SERVICE, only, type View } from './defineModule.ts';
import { ModuleSet } from './moduleSet.ts';

const PARAMS: Params = { burnDenom: 'udepin', tokenPriceMicroUsd: 1n, creditPriceMicroUsd: 1n };
const genesis = {
  type: CreditsGenesis,
  default: { balances: [] },
  init: () => undefined,
  export: () => ({ balances: [] }),
};
const nothing = { msg: NO_SERVICE, messages: {}, query: NO_SERVICE, queries: {}, genesis };

/** A service whose response has no fields. */
const SENDING = only(BankMessages, 'send');

/** Counts calls; others may add to it and are told. */
const counter = defineModule('counter', {
  ...nothing,
  params: { prefix: 0, type: Params, default: PARAMS },
  state: { total: item(1, uint64Value), rows: map(2, uint64Key, uint64Value) },
  errors: { TooBig: [2, 'number is too big'] },
  events: { counted: EventCreditsSpent },
  hooks: { counted: hook<(total: bigint) => boolean>() },
  genesis: {
    type: CreditsGenesis,
    default: { balances: [] },
    init: ({ setParams }) => setParams(PARAMS),
    export: () => ({ balances: [] }),
  },
  views: ({ state }) => ({ total: (): bigint => state.total.get() ?? 0n }),
  api: ({ state, fail, emit, hooks }) => ({
    add(amount: bigint): readonly boolean[] {
      if (amount > 9n) throw fail.TooBig(`amount: ${amount}`);
      const total = (state.total.get() ?? 0n) + amount;
      state.total.set(total);
      emit.counted({ spender: 'counter', credits: total });
      return hooks.counted(total);
    },
  }),
});

/** Listens to the counter; forbids thirteen. */
const listener = defineModule('listener', {
  ...nothing,
  uses: { counter },
  state: { heard: item(1, uint64Value) },
  errors: { Unlucky: [2, 'thirteen'] },
  on: {
    counter: {
      counted({ state, fail }, total) {
        state.heard.set(total);
        if (total === 13n) throw fail.Unlucky();
        return total % 2n === 0n;
      },
    },
  },
  views: ({ state }) => ({ heard: (): bigint => state.heard.get() ?? 0n }),
  api: ({ counter, attempt }) => ({
    addTwice(amount: bigint): string {
      const error = attempt((branch) => {
        branch.counter.add(amount);
        branch.counter.add(amount);
      });
      return error?.message ?? `total ${counter.total()}`;
    },
  }),
});

describe('defineModule', () => {
  it('lets modules call what others offer, and hear their hooks', () => {
    const chain = new ModuleHarness({ modules: [counter, listener] });
    assert.deepEqual(chain.api(counter).add(4n), [true]);
    assert.deepEqual(chain.api(counter).add(1n), [false]);
    assert.equal(chain.api(listener).heard(), 5n);
  });

  it('drops what an attempt did when it fails, in every module', () => {
    const chain = new ModuleHarness({ modules: [counter, listener] });
    assert.equal(chain.api(listener).addTwice(5n), 'total 10');
    assert.equal(chain.api(listener).addTwice(2n), 'total 14');
    assert.match(chain.api(listener).addTwice(10n), /amount: 10: number is too big/);
    chain.api(counter).add(0n);
    assert.equal(chain.api(counter).total(), 14n);
    const unlucky = new ModuleHarness({ modules: [counter, listener] });
    unlucky.api(counter).add(7n);
    assert.equal(unlucky.api(listener).addTwice(3n), 'thirteen');
    assert.equal(unlucky.api(counter).total(), 7n);
    assert.equal(unlucky.api(listener).heard(), 7n);
  });

  it('refuses prefixes that overlap, codes that meet, and modules out of order', () => {
    assert.throws(
      () =>
        defineModule('bad', {
          ...nothing,
          state: { a: item(1, uint64Value), b: item(Uint8Array.of(1, 2), uint64Value) },
        }),
      /bad: prefixes of a and b overlap/,
    );
    assert.throws(
      () => defineModule('bad', { ...nothing, errors: { A: [2, 'a'], B: [2, 'b'] } }),
      /code 2 is taken/,
    );
    assert.throws(
      () => defineModule('bad', { ...nothing, errors: { A: [1, 'a'] } }),
      /expected a code from 2 up/,
    );
    assert.throws(
      () => new ModuleSet([listener, counter]),
      /listener uses counter, which must stand before it/,
    );
    assert.throws(() => new ModuleSet([counter, counter]), /counter stands twice/);
  });

  it('refuses functions that wait, wherever they stand', () => {
    const wait = async (): Promise<void> => undefined;
    const places: [string, Partial<Parameters<typeof defineModule>[1]>][] = [
      ['bad.beginBlock', { beginBlock: wait }],
      ['bad.endBlock', { endBlock: wait as never }],
      ['bad.messages.send', { messages: { send: wait } }],
      ['bad.queries.all', { queries: { all: wait } }],
      ['bad.on.counter.added', { on: { counter: { added: wait } } }],
      ['bad.migrations.2', { version: 2, migrations: { 2: wait } }],
      ['bad.genesis.start', { genesis: { ...nothing.genesis, start: wait } as never }],
      ['bad.genesis.check.rows', { genesis: { check: { rows: wait } } as never }],
      ['bad.invariants.holds', { invariants: { holds: wait as never } }],
    ];
    for (const [place, part] of places) {
      const expected = `${place}: expected a function that does not wait, got an async one`;
      assert.throws(() => defineModule('bad', { ...nothing, ...part } as never), {
        name: 'TypeError',
        message: expected,
      });
    }
  });

  it('charges the declared gas of a message before it runs', () => {
    const buys = (gas: Record<'buyCredits', bigint>) =>
      defineModule('shop', {
        ...nothing,
        msg: MsgDefinition,
        messages: { buyCredits: () => ({ credits: 0n, burned: undefined }) },
        gas,
      });
    const shop = buys({ buyCredits: 5_000n });
    const chain = new ModuleHarness({ modules: [shop] });
    chain.send(shop, 'buyCredits', {});
    assert.equal(chain.gasUsed, 5_000n);
    assert.throws(
      () => chain.send(shop, 'buyCredits', {}, 4_999n),
      /out of gas in location: shop.buyCredits; gasWanted: 4999, gasUsed: 5000/,
    );
    const free = buys({ buyCredits: 0n });
    const other = new ModuleHarness({ modules: [free] });
    other.send(free, 'buyCredits', {});
    assert.equal(other.gasUsed, 0n);
    assert.throws(() => buys({ buyCredits: -1n }), /shop.gas.buyCredits: expected 0 or more/);
  });

  it('does not compile what is wrong', () => {
    const credits = { ...nothing, msg: MsgDefinition, query: QueryDefinition };
    const queries = {
      params: () => ({ params: PARAMS }),
      balance: () => ({ credits: 0n }),
      totals: () => ({ totals: { bought: 0n, spent: 0n, burned: '0' } }),
    };
    const messages = { buyCredits: () => ({ credits: 0n, burned: undefined }) };
    const definitions = [
      () => {
        // @ts-expect-error a handler is missing
        defineModule('a', { ...credits, messages: {}, queries });
      },
      () => {
        const answers = { buyCredits: async () => ({ credits: 0n, burned: undefined }) };
        // @ts-expect-error a handler waits
        defineModule('a', { ...credits, messages: answers, queries });
      },
      () => {
        const waits = { send: async () => ({}) };
        // @ts-expect-error a handler waits, with a response that has no fields
        const handlers: Handlers<typeof SENDING, unknown> = waits;
        return handlers;
      },
      () => {
        const few = { params: queries.params };
        // @ts-expect-error queries are missing
        defineModule('a', { ...credits, messages, queries: few });
      },
      () => {
        const state = { rows: map(2, uint64Key, uint64Value) };
        // @ts-expect-error a query cannot write
        const balance = (view: ReadOnly<typeof state>) => view.rows.set(1n, 1n);
        return balance;
      },
      () => {
        const state = {
          rows: map(2, uint64Key, uint64Value),
          ids: sequence(3),
          one: item(4, uint64Value),
        };
        return (
          view: View<Record<never, never>, undefined, typeof state, Record<never, never>>,
        ) => [
          // @ts-expect-error a query cannot use up a number
          view.state.ids.next(),
          // @ts-expect-error a query cannot delete
          view.state.one.delete(),
          // @ts-expect-error a query cannot set params
          view.setParams(undefined),
          // @ts-expect-error a query emits nothing
          view.emitRaw('a', {}),
          // @ts-expect-error a query archives nothing
          view.archive(new Uint8Array(1), new Uint8Array(1)),
        ];
      },
      () =>
        defineModule('a', {
          ...credits,
          messages,
          queries,
          // @ts-expect-error the service has no such message
          gas: { buyGold: 1n },
        }),
      () =>
        defineModule('a', {
          ...nothing,
          errors: { Known: [2, 'known'] },
          endBlock: ({ fail }) => {
            // @ts-expect-error the error is not declared
            throw fail.Unknown();
          },
        }),
      () =>
        defineModule('a', {
          ...nothing,
          events: { happened: EventCreditsSpent },
          // @ts-expect-error the event has no such attribute
          endBlock: ({ emit }) => emit.happened({ who: 'me' }),
        }),
      () => {
        // @ts-expect-error the message has no such field
        const buyCredits = (_: unknown, { nope }: MsgBuyCredits) => nope;
        return buyCredits;
      },
      () =>
        defineModule('a', {
          ...nothing,
          uses: { counter },
          endBlock({ counter }) {
            // @ts-expect-error another module's state is not visible
            counter.state;
          },
        }),
      () =>
        defineModule('a', {
          ...nothing,
          // @ts-expect-error a module that is not in `uses` is not visible
          endBlock: ({ counter }) => counter,
        }),
      () => {
        const bad = { prefix: 0, type: Params, default: { burnDenom: 1 } };
        // @ts-expect-error the params do not fit their type
        defineModule('a', { ...nothing, params: bad });
      },
      () => {
        const on = { counter: { counted: () => 'yes' } };
        // @ts-expect-error the hook's answer is of another type
        defineModule('a', { ...nothing, uses: { counter }, on });
      },
    ];
    assert.equal(definitions.length, 14);
  });
});
