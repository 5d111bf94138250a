import { isDenom, parseCoin } from '../../chain/math/coins.ts';
import { defineModule } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { item, map } from '../../chain/state/collections.ts';
import { uint64Value } from '../../chain/state/values.ts';
import { Params, Totals } from '../../wire/gen/depin/credits/v1/credits.ts';
import { EventCreditsBought, EventCreditsSpent } from '../../wire/gen/depin/credits/v1/events.ts';
import { GenesisState } from '../../wire/gen/depin/credits/v1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/depin/credits/v1/query.ts';
import { MsgDefinition } from '../../wire/gen/depin/credits/v1/tx.ts';
import { addressKey } from '../../wire/keys.ts';
import { bank } from '../bank/module.ts';
import { CREDITS_PREFIX } from './keys.ts';
import { costOf, creditsFor } from './pricing.ts';

/** 1 credit = $0.00001, as Helium's data credit; the token starts at $1. */
const DEFAULT_PARAMS: Params = {
  burnDenom: 'udepin',
  tokenPriceMicroUsd: 1_000_000n,
  creditPriceMicroUsd: 10n,
};

const NO_TOTALS: Totals = { bought: 0n, spent: 0n, burned: '0' };
const MAX_CREDITS = (1n << 64n) - 1n;

/** Credits: demand pays in units of a fixed fiat price; the tokens that buy them are burned. */
export const credits = defineModule('credits', {
  uses: { bank },
  params: {
    prefix: CREDITS_PREFIX.params,
    type: Params,
    default: DEFAULT_PARAMS,
    check: checkParams,
  },
  state: {
    balances: map(CREDITS_PREFIX.balances, addressKey, uint64Value),
    totals: item(CREDITS_PREFIX.totals, Totals),
  },
  errors: {
    WrongDenom: [2, 'credits are bought with another denomination'],
    TooFew: [3, 'the amount buys fewer credits than asked for'],
    Insufficient: [4, 'not enough credits'],
    TooMany: [5, 'more credits than can be counted'],
  },
  events: {
    creditsBought: EventCreditsBought,
    creditsSpent: EventCreditsSpent,
  },
  msg: MsgDefinition,
  messages: {
    buyCredits({ state, params, bank, addresses, fail, emit }, message) {
      const buyer = addresses.parse(message.buyer, 'buyer');
      const { denom, amount } = parseCoin(message.amount, 'amount');
      if (denom !== params.burnDenom) {
        throw fail.WrongDenom(`amount: expected ${params.burnDenom}, got ${denom}`);
      }
      const bought = creditsFor(amount, params);
      if (bought === 0n || bought < message.minCredits) {
        throw fail.TooFew(`${amount}${denom} buys ${bought} credits`);
      }
      const totals = state.totals.must();
      const balance = (state.balances.get(buyer) ?? 0n) + bought;
      if (balance > MAX_CREDITS || totals.bought + bought > MAX_CREDITS) throw fail.TooMany();
      const burned = { denom, amount: costOf(bought, params) };
      bank.sendToModule(buyer, 'credits', [burned]);
      bank.burn('credits', [burned]);
      state.balances.set(buyer, balance);
      state.totals.set({
        ...totals,
        bought: totals.bought + bought,
        burned: (BigInt(totals.burned) + burned.amount).toString(),
      });
      emit.creditsBought({
        buyer: addresses.format(buyer),
        credits: bought,
        burned: { denom, amount: burned.amount.toString() },
      });
      return { credits: bought, burned: { denom, amount: burned.amount.toString() } };
    },
  },
  query: QueryDefinition,
  queries: {
    params: ({ params }) => ({ params }),
    balance: ({ state, addresses }, { address }) => ({
      credits: state.balances.get(addresses.parse(address, 'address')) ?? 0n,
    }),
    totals: ({ state }) => ({ totals: state.totals.must() }),
  },
  genesis: {
    type: GenesisState,
    default: { totals: NO_TOTALS },
    own: {
      balances: {
        *read({ state, addresses }) {
          for (const [address, credits] of state.balances.entries()) {
            yield { address: addresses.format(address), credits };
          }
        },
        write({ state, addresses }, { address, credits }, refuse) {
          const bytes = addresses.parse(address, refuse.at('address'));
          if (state.balances.has(bytes)) throw refuse('address', `${address} stands twice`);
          state.balances.set(bytes, credits);
        },
      },
    },
    start({ state, bank }) {
      bank.openModuleAccount('credits', 'burner');
      if (state.totals.get() === undefined) state.totals.set(NO_TOTALS);
    },
  },
  invariants: {
    'credits held are credits bought less credits spent': ({ state }) => {
      let held = 0n;
      for (const [, amount] of state.balances.entries()) held += amount;
      const { bought, spent } = state.totals.must();
      return held === bought - spent || `held ${held}, bought ${bought}, spent ${spent}`;
    },
  },
  views: (view) => ({
    creditsOf: (address: Uint8Array): bigint => view.state.balances.get(address) ?? 0n,
    /** Price of 1,000,000 base units of the token, in millionths of a US dollar. */
    tokenPriceMicroUsd: (): bigint => view.params.tokenPriceMicroUsd,
  }),
  api: ({ state, addresses, fail, emit }) => ({
    /** Uses up credits of an account. @throws ChainError credits/4 when it has too few. */
    spend(address: Uint8Array, amount: bigint): void {
      if (amount < 0n) throw new TypeError(`amount: expected 0 or more, got ${amount}`);
      const balance = state.balances.get(address) ?? 0n;
      if (balance < amount) throw fail.Insufficient(`${balance} credits of ${amount} needed`);
      if (balance === amount) state.balances.delete(address);
      else state.balances.set(address, balance - amount);
      const totals = state.totals.must();
      state.totals.set({ ...totals, spent: totals.spent + amount });
      emit.creditsSpent({ spender: addresses.format(address), credits: amount });
    },
  }),
});

function checkParams(params: Params): Params {
  if (!isDenom(params.burnDenom)) {
    throw sdkError('invalidRequest', `params.burn_denom: invalid denom "${params.burnDenom}"`);
  }
  if (params.tokenPriceMicroUsd <= 0n || params.creditPriceMicroUsd <= 0n) {
    throw sdkError('invalidRequest', 'params: expected both prices to be positive');
  }
  return params;
}
