import { FEE_COLLECTOR } from '../../chain/app/keepers.ts';
import { coinToProto, parseCoins } from '../../chain/math/coins.ts';
import type { GenesisField } from '../../chain/module/definition.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { valuesOf } from '../../chain/state/walk.ts';
import type { Balance, GenesisState } from '../../wire/gen/cosmos/bank/v1beta1/genesis.ts';
import type { BankContext, BankView } from './context.ts';

/** @throws ChainError naming the field when the supply is not the sum of the balances. */
export function initGenesis(
  { state, setParams, addresses, auth }: BankContext,
  genesis: GenesisState,
): void {
  auth.ensureModule(FEE_COLLECTOR, []);
  setParams(genesis.params ?? { sendEnabled: [], defaultSendEnabled: true });
  const sums = new Map<string, bigint>();
  genesis.balances.forEach((balance, i) => {
    const address = addresses.parse(balance.address, `balances[${i}].address`);
    for (const { denom, amount } of parseCoins(balance.coins, `balances[${i}].coins`)) {
      if (state.balances.has([address, denom])) {
        throw sdkError('invalidRequest', `balances[${i}]: ${balance.address} stands twice`);
      }
      state.balances.set([address, denom], amount);
      state.denomAddresses.add([denom, address]);
      sums.set(denom, (sums.get(denom) ?? 0n) + amount);
    }
  });
  const stated = parseCoins(genesis.supply, 'supply');
  for (const { denom, amount } of stated) {
    if (sums.get(denom) !== amount) {
      throw sdkError(
        'invalidRequest',
        `supply: expected ${sums.get(denom) ?? 0n}${denom}, the sum of the balances, got ${amount}`,
      );
    }
  }
  for (const [denom, amount] of sums) state.supply.set(denom, amount);
  for (const metadata of genesis.denomMetadata) state.denomMetadata.set(metadata.base, metadata);
}

/** Balances of one address stand together, as the keys do. */
export function* genesisFields(view: BankView): Iterable<GenesisField<GenesisState>> {
  const { state, params } = view;
  yield ['params', params];
  yield ['balances', balances(view)];
  yield ['supply', coins(state.supply.entries())];
  yield ['denomMetadata', valuesOf(state.denomMetadata.entries())];
}

function* balances({ state, addresses }: BankView): Iterable<Balance> {
  let last: Balance | undefined;
  for (const [[address, denom], amount] of state.balances.entries()) {
    const text = addresses.format(address);
    if (last !== undefined && last.address !== text) {
      yield last;
      last = undefined;
    }
    last ??= { address: text, coins: [] };
    last.coins.push(coinToProto({ denom, amount }));
  }
  if (last !== undefined) yield last;
}

function* coins(amounts: Iterable<readonly [string, bigint]>): Iterable<Balance['coins'][number]> {
  for (const [denom, amount] of amounts) yield coinToProto({ denom, amount });
}
