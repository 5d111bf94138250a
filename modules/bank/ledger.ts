/** Moving, minting and burning coins, with the events that the SDK's wallets and indexers read. */
import { type Coin, formatCoins } from '../../chain/math/coins.ts';
import { sdkError } from '../../chain/module/errors.ts';
import type { BankContext } from './context.ts';

export interface Ledger {
  /** @throws ChainError sdk/5 when the balance is short. */
  send(from: Uint8Array, to: Uint8Array, coins: readonly Coin[]): void;
  /** Makes coins in the account of a module. */
  mint(moduleName: string, coins: readonly Coin[]): void;
  /** Destroys coins from the account of a module. @throws ChainError sdk/5 when the balance is short. */
  burn(moduleName: string, coins: readonly Coin[]): void;
}

export function ledgerOf({ state, auth, addresses, emitRaw }: BankContext): Ledger {
  const setBalance = (address: Uint8Array, denom: string, before: bigint, after: bigint): void => {
    if (after === 0n) {
      state.balances.delete([address, denom]);
      if (before !== 0n) state.denomAddresses.remove([denom, address]);
      return;
    }
    state.balances.set([address, denom], after);
    if (before === 0n) state.denomAddresses.add([denom, address]);
  };
  const take = (address: Uint8Array, coins: readonly Coin[]): void => {
    for (const { denom, amount } of coins) {
      const before = state.balances.get([address, denom]) ?? 0n;
      if (before < amount) {
        throw sdkError(
          'insufficientFunds',
          `spendable balance ${before}${denom} is smaller than ${amount}${denom}`,
        );
      }
      setBalance(address, denom, before, before - amount);
    }
    emitRaw('coin_spent', { spender: addresses.format(address), amount: formatCoins(coins) });
  };
  const give = (address: Uint8Array, coins: readonly Coin[]): void => {
    for (const { denom, amount } of coins) {
      const before = state.balances.get([address, denom]) ?? 0n;
      setBalance(address, denom, before, before + amount);
    }
    emitRaw('coin_received', { receiver: addresses.format(address), amount: formatCoins(coins) });
  };
  const changeSupply = (coins: readonly Coin[], sign: 1n | -1n): void => {
    for (const { denom, amount } of coins) {
      const supply = (state.supply.get(denom) ?? 0n) + sign * amount;
      if (supply === 0n) state.supply.delete(denom);
      else state.supply.set(denom, supply);
    }
  };
  const positive = (coins: readonly Coin[]): readonly Coin[] =>
    coins.filter(({ amount }) => amount !== 0n);
  return {
    send(from, to, all) {
      const coins = positive(all);
      take(from, coins);
      give(to, coins);
      auth.ensure(to);
      const [sender, recipient] = [addresses.format(from), addresses.format(to)];
      emitRaw('transfer', { recipient, sender, amount: formatCoins(coins) });
      emitRaw('message', { sender });
    },
    mint(moduleName, all) {
      const coins = positive(all);
      const address = auth.ensureModule(moduleName, ['minter']);
      give(address, coins);
      changeSupply(coins, 1n);
      emitRaw('coinbase', { minter: addresses.format(address), amount: formatCoins(coins) });
    },
    burn(moduleName, all) {
      const coins = positive(all);
      const address = auth.ensureModule(moduleName, ['burner']);
      take(address, coins);
      changeSupply(coins, -1n);
      emitRaw('burn', { burner: addresses.format(address), amount: formatCoins(coins) });
    },
  };
}
