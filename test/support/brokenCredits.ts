/** Applications with a module that makes mistakes on purpose: what a simulation and its guard have to find. */
import { readFileSync } from 'node:fs';
import { ChainApplication } from '../../chain/app/application.ts';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import type { Addresses } from '../../chain/module/addresses.ts';
import { defineModule, type Module, NO_SERVICE } from '../../chain/module/defineModule.ts';
import { Bug } from '../../chain/module/errors.ts';
import { type MapOf, map } from '../../chain/state/collections.ts';
import { bytesValue, uint64Value } from '../../chain/state/values.ts';
import { auth } from '../../modules/auth/module.ts';
import { bank } from '../../modules/bank/module.ts';
import { staking } from '../../modules/staking/module.ts';
import { type Composition, depindComposition } from '../../sim/composition.ts';
import { GenesisState } from '../../wire/gen/depin/credits/v1/genesis.ts';
import { type MsgBuyCredits, MsgDefinition } from '../../wire/gen/depin/credits/v1/tx.ts';
import { textKey } from '../../wire/keys.ts';

/** The parts of the context that a purchase is made with. */
interface Scope {
  readonly addresses: Addresses;
  readonly state: { readonly raw: MapOf<string, Uint8Array, unknown> };
}

/** What a handler may do with a purchase: gives the credits. */
type Purchase = (message: MsgBuyCredits, scope: Scope) => bigint;

/** A module with the messages of credits and a handler of the test's. */
function creditsWith(purchase: Purchase, most: bigint): Module {
  return defineModule('credits', {
    state: { bought: map(1, textKey, uint64Value), raw: map(2, textKey, bytesValue) },
    msg: MsgDefinition,
    messages: {
      buyCredits({ state, addresses }, message) {
        const before = state.bought.get('all') ?? 0n;
        const credits = purchase(message, { state, addresses });
        state.bought.set('all', before + 1n);
        return { credits, burned: message.amount };
      },
    },
    query: NO_SERVICE,
    queries: {},
    genesis: {
      type: GenesisState,
      default: { balances: [] },
      init: () => undefined,
      export: () => ({ balances: [] }),
    },
    invariants: {
      'no more is bought than there is': ({ state }) => {
        const times = state.bought.get('all') ?? 0n;
        return times <= most || `bought ${times} times`;
      },
    },
  });
}

async function compositionWith(credits: Module): Promise<Composition> {
  const depind = await depindComposition();
  const modules = [auth, bank, staking, credits];
  const wanted = new Set(['auth', 'bank', 'staking']);
  return {
    ...depind,
    modules,
    simulations: new Map(),
    open: (options) =>
      ChainApplication.open({
        ...options,
        modules,
        accounts: auth,
        fees: bank,
        store: { memory: true },
        bech32Prefix: depind.prefix,
        denom: depind.denom,
      }),
    appState: (accounts): JsonObject =>
      Object.fromEntries(
        Object.entries(depind.appState(accounts)).filter(([name]) => wanted.has(name)),
      ),
  };
}

/** Breaks its invariant by the third purchase. */
export const breaksAnInvariant = (): Promise<Composition> =>
  compositionWith(creditsWith(() => 1n, 2n));

/** Throws what is no refusal when somebody asks for many credits. */
export const breaksInAHandler = (): Promise<Composition> =>
  compositionWith(
    creditsWith(({ minCredits }) => {
      if (minCredits > 1_000_000n) throw new Error('out of order');
      return 1n;
    }, 1_000_000n),
  );

/** What a module must not keep: it counts simulations too. */
let calls = 0;

/** What no execution may depend on, by the minimum of credits that a message asks for. */
const SOURCES: readonly ((message: MsgBuyCredits, scope: Scope) => number)[] = [
  () => Date.now(),
  () => new Date().getFullYear(),
  () => Math.floor(Math.random() * 1_000_000),
  () => new Date(0).getHours() * 60 + new Date(0).getMinutes(),
  () => (1234.5).toLocaleString().length + (1234.5).toLocaleString().charCodeAt(0),
  () => Math.floor(performance.now() * 1000) + 1,
  () => ++calls,
  () => readFileSync('/proc/self/stat', 'latin1').length + process.pid,
  ({ buyer }, { addresses }) => {
    addresses.parse(buyer, 'buyer').fill(9);
    return addresses.parse(buyer, 'buyer')[0]!;
  },
  (_, { state: { raw } }) => {
    raw.set('a', Uint8Array.of(1));
    raw.must('a').fill(2);
    return raw.must('a')[0]!;
  },
];

/** How many sources of nondeterminism `composition` has. */
export const SOURCE_COUNT = SOURCES.length;

/** Answers with what an execution must not depend on. */
export const composition = (): Promise<Composition> =>
  compositionWith(
    creditsWith((message, scope) => {
      const source = SOURCES[Number(message.minCredits)];
      if (source === undefined) throw new Bug(`source ${message.minCredits}`);
      return BigInt(source(message, scope));
    }, 1_000_000n),
  );
