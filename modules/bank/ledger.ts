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

/** Made once for a context: that of a block serves all its transactions. */
const ledgers = new WeakMap<BankContext, Ledger>();

/** What moves coins in a context. */
export function ledgerOf(context: BankContext): Ledger {
  let ledger = ledgers.get(context);
  if (ledger === undefined) {
    ledger = makeLedger(context);
    ledgers.set(context, ledger);
  }
  return ledger;
}

function makeLedger({ state, auth, addresses, emitRaw }: BankContext): Ledger {
  const setBalance = (address: Uint8Array, denom: string, before: bigint, after: bigint): void => {
    if (after === 0n) {
      state.balances.delete([address, denom]);
      if (before !== 0n) state.denomAddresses.remove([denom, address]);
      return;
    }
    state.balances.set([address, denom], after);
    if (before === 0n) state.denomAddresses.add([denom, address]);
  };
  /** `text` is the coins as events have them. */
  const take = (address: Uint8Array, coins: readonly Coin[], text: string): void => {
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
    emitRaw('coin_spent', { spender: addresses.format(address), amount: text });
  };
  const give = (address: Uint8Array, coins: readonly Coin[], text: string): void => {
    for (const { denom, amount } of coins) {
      const before = state.balances.get([address, denom]) ?? 0n;
      setBalance(address, denom, before, before + amount);
    }
    emitRaw('coin_received', { receiver: addresses.format(address), amount: text });
  };
  const changeSupply = (coins: readonly Coin[], sign: 1n | -1n): void => {
    for (const { denom, amount } of coins) {
      const supply = (state.supply.get(denom) ?? 0n) + sign * amount;
      if (supply === 0n) state.supply.delete(denom);
      else state.supply.set(denom, supply);
    }
  };
  const positive = (coins: readonly Coin[]): readonly Coin[] =>
    coins.some(isZero) ? coins.filter((coin) => !isZero(coin)) : coins;
  return {
    send(from, to, all) {
      const coins = positive(all);
      const amount = formatCoins(coins);
      take(from, coins, amount);
      give(to, coins, amount);
      auth.ensure(to);
      const sender = addresses.format(from);
      emitRaw('transfer', { recipient: addresses.format(to), sender, amount });
      emitRaw('message', { sender });
    },
    mint(moduleName, all) {
      const coins = positive(all);
      const address = auth.ensureModule(moduleName, ['minter']);
      const amount = formatCoins(coins);
      give(address, coins, amount);
      changeSupply(coins, 1n);
      emitRaw('coinbase', { minter: addresses.format(address), amount });
    },
    burn(moduleName, all) {
      const coins = positive(all);
      const address = auth.ensureModule(moduleName, ['burner']);
      const amount = formatCoins(coins);
      take(address, coins, amount);
      changeSupply(coins, -1n);
      emitRaw('burn', { burner: addresses.format(address), amount });
    },
  };
}

const isZero = ({ amount }: Coin): boolean => amount === 0n;
