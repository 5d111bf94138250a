import { isDenom } from '../../chain/math/coins.ts';
import type { Handlers } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { paginate } from '../../chain/state/pagination.ts';
import type { QueryDefinition } from '../../wire/gen/cosmos/bank/v1beta1/query.ts';
import type {
  PageRequest,
  PageResponse,
} from '../../wire/gen/cosmos/base/query/v1beta1/pagination.ts';
import { lengthPrefixedAddressKey, partPrefix, textKey } from '../../wire/keys.ts';
import type { BankView } from './context.ts';

interface CoinPage {
  readonly coins: { denom: string; amount: string }[];
  readonly pagination: PageResponse;
}

function checkDenom(denom: string): void {
  if (!isDenom(denom))
    throw sdkError('invalidRequest', `denom: invalid denom "${denom.slice(0, 140)}"`);
}

function balancesOf(view: BankView, address: string, request: PageRequest | undefined): CoinPage {
  const within = partPrefix(lengthPrefixedAddressKey, view.addresses.parse(address, 'address'));
  const page = paginate(view.state.balances, request, { within });
  return {
    coins: page.entries.map(([[, denom], amount]) => ({ denom, amount: amount.toString() })),
    pagination: page.pagination,
  };
}

export const queries: Handlers<QueryDefinition, BankView> = {
  balance({ state, addresses }, { address, denom }) {
    checkDenom(denom);
    const amount = state.balances.get([addresses.parse(address, 'address'), denom]) ?? 0n;
    return { balance: { denom, amount: amount.toString() } };
  },
  allBalances(view, { address, pagination }) {
    const page = balancesOf(view, address, pagination);
    return { balances: page.coins, pagination: page.pagination };
  },
  /** Nothing here vests, so all of a balance can be spent. */
  spendableBalances(view, { address, pagination }) {
    const page = balancesOf(view, address, pagination);
    return { balances: page.coins, pagination: page.pagination };
  },
  totalSupply({ state }, request) {
    const page = paginate(state.supply, request.pagination);
    return {
      supply: page.entries.map(([denom, amount]) => ({ denom, amount: amount.toString() })),
      pagination: page.pagination,
    };
  },
  supplyOf({ state }, { denom }) {
    checkDenom(denom);
    return { amount: { denom, amount: (state.supply.get(denom) ?? 0n).toString() } };
  },
  params: ({ params }) => ({ params }),
  denomMetadata({ state }, { denom }) {
    const metadata = state.denomMetadata.get(denom);
    if (metadata === undefined) {
      throw sdkError(
        'keyNotFound',
        `rpc error: code = NotFound desc = client metadata for denom ${denom}`,
      );
    }
    return { metadata };
  },
  denomsMetadata({ state }, request) {
    const page = paginate(state.denomMetadata, request.pagination);
    return { metadatas: page.entries.map(([, value]) => value), pagination: page.pagination };
  },
  denomOwners({ state, addresses }, { denom, pagination }) {
    checkDenom(denom);
    const within = partPrefix(textKey, denom);
    const page = paginate(state.denomAddresses, pagination, { within });
    const denomOwners = page.entries.map(([[, address]]) => ({
      address: addresses.format(address),
      balance: { denom, amount: (state.balances.get([address, denom]) ?? 0n).toString() },
    }));
    return { denomOwners, pagination: page.pagination };
  },
};
