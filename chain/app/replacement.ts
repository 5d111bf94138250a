/**
 * What a transaction pays that takes the place of a waiting one: a tenth more for each gas and as a whole. The SDK's
 * pools leave the rule to the application (x/mempool, PriorityNonceMempoolConfig.TxReplacement); the tenth is the
 * price bump that Ethereum nodes ask for by default (go-ethereum, core/txpool/legacypool).
 */
import { type Coin, formatCoins } from '../math/coins.ts';
import { sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import { GasMeter } from '../module/gas.ts';
import type { DecodedTx } from './decodeTx.ts';
import type { Fee } from './fees.ts';
import type { AccountsKeeper } from './keepers.ts';

const BUMP_NUMERATOR = 11n;
const BUMP_DENOMINATOR = 10n;

/**
 * The least that replaces a waiting transaction, with so much gas of one's own: of every coin that it pays a tenth more
 * as a whole, and a tenth more for each gas. One base unit of `denom` where it pays nothing.
 */
export function enoughToReplace(waiting: Fee, gasLimit: bigint, denom: string): readonly Coin[] {
  if (waiting.coins.length === 0) return [{ denom, amount: 1n }];
  const gas = gasLimit > waiting.gasLimit ? gasLimit : waiting.gasLimit;
  const divisor = BUMP_DENOMINATOR * waiting.gasLimit;
  return waiting.coins.map(({ denom: paid, amount }) => ({
    denom: paid,
    amount: (amount * BUMP_NUMERATOR * gas + divisor - 1n) / divisor,
  }));
}

/** What is left of coins when others are taken from them, as far as they go. */
export const without = (coins: readonly Coin[], others: readonly Coin[]): readonly Coin[] =>
  coins
    .map(({ denom, amount }) => ({ denom, amount: amount - amountOf(others, denom) }))
    .filter(({ amount }) => amount > 0n);

const amountOf = (coins: readonly Coin[], denom: string): bigint =>
  coins.find((coin) => coin.denom === denom)?.amount ?? 0n;

interface Replacing {
  readonly tx: DecodedTx;
  readonly accounts: AccountsKeeper;
}

/**
 * The code and the first words are those of any sequence that was used: who did not mean to replace anything does what
 * these ask for.
 * @throws ChainError sdk/32 naming what would be enough.
 */
export function checkReplacementFee(
  frame: Frame,
  { tx, accounts, fee, waiting }: Replacing & { readonly fee: Fee; readonly waiting: Fee },
): void {
  const enough = enoughToReplace(waiting, fee.gasLimit, frame.environment.denom);
  if (without(enough, fee.coins).length === 0) return;
  const [first] = tx.signers;
  const address = frame.environment.addresses.parse(first!, 'signer');
  const expected = accounts.account(address)?.base.sequence;
  const { sequence } = tx.authInfo.signerInfos[0]!;
  throw sdkError(
    'wrongSequence',
    `account sequence mismatch, expected ${expected}, got ${sequence}; replacement underpriced: ` +
      `${formatCoins(fee.coins) || 'nothing'} for ${fee.gasLimit} gas, where ` +
      `${formatCoins(waiting.coins) || 'nothing'} for ${waiting.gasLimit} gas waits with this sequence, ` +
      `at least ${formatCoins(enough)} is needed`,
  );
}

/**
 * Runs `action` with each signer's sequence as the transaction names it, and moves it on again to where it was. All of
 * it is undone when it throws.
 */
export function atNamedSequences<T>(frame: Frame, { tx, accounts }: Replacing, action: () => T): T {
  const { addresses } = frame.environment;
  const setSequence = (address: Uint8Array, sequence: bigint): bigint => {
    const account = accounts.account(address)!;
    accounts.save(address, { ...account, base: { ...account.base, sequence } });
    return account.base.sequence;
  };
  const replace = (): T => {
    const reached = tx.signers.map((text, i) => {
      const address = addresses.parse(text, 'signer');
      const sequence = setSequence(address, tx.authInfo.signerInfos[i]!.sequence);
      return { address, sequence };
    });
    const value = action();
    for (const { address, sequence } of reached) setSequence(address, sequence);
    return value;
  };
  return frame.branch(replace, new GasMeter()).value;
}
