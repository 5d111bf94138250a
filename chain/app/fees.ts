/** Fees: what a node asks for a place in a block, and how the payer pays. */
import { equalBytes } from '../../wire/bytes.ts';
import { type Coin, formatCoins, parseCoins } from '../math/coins.ts';
import { ChainError, sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import type { DecodedTx } from './decodeTx.ts';
import {
  type AccountsKeeper,
  FEE_COLLECTOR,
  type FeesKeeper,
  type GrantsKeeper,
} from './keepers.ts';

/** Price of one gas in base units: `numerator / denominator` of `denom`. */
export interface GasPrice {
  readonly denom: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** What a transaction pays, and for how much gas. */
export interface Fee {
  readonly coins: readonly Coin[];
  readonly gasLimit: bigint;
}

/** Gas that a transaction can ask for: beyond it sums would leave int64. */
export const MAX_GAS_LIMIT = (1n << 63n) - 1n;

/**
 * Prices as operators write them, `0.025udepin,1uother`; an empty text is no price.
 * @throws TypeError naming the text that is no price.
 */
export function parseGasPrices(text: string): GasPrice[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const match = /^\s*([0-9]{1,18})(?:\.([0-9]{1,18}))?([a-zA-Z][a-zA-Z0-9/:._-]{2,127})\s*$/.exec(
      part,
    );
    if (match === null) {
      throw new TypeError(`minimum gas prices: expected a price like 0.025udepin, got "${part}"`);
    }
    const [, whole, fraction = '', denom] = match;
    const denominator = 10n ** BigInt(fraction.length);
    return { denom: denom!, numerator: BigInt(whole! + fraction), denominator };
  });
}

/** The fee of a transaction. @throws ChainError sdk/41 for a gas limit out of range, sdk/13 for coins that are none. */
export function feeOf(tx: DecodedTx): Fee {
  const fee = tx.authInfo.fee;
  if (fee === undefined) throw sdkError('txDecode', 'auth_info.fee: missing');
  if (fee.gasLimit > MAX_GAS_LIMIT) {
    throw sdkError(
      'invalidRequest',
      `auth_info.fee.gas_limit: expected at most ${MAX_GAS_LIMIT}, got ${fee.gasLimit}`,
    );
  }
  // Some wallets write coins of zero for no fee; beside others they are none.
  const amount = fee.amount.every((coin) => coin.amount === '0') ? [] : fee.amount;
  try {
    return { coins: parseCoins(amount, 'auth_info.fee.amount'), gasLimit: fee.gasLimit };
  } catch (error) {
    if (error instanceof ChainError) throw sdkError('insufficientFee', error.message);
    throw error;
  }
}

/** @throws ChainError sdk/13 when the fee pays none of the prices that this node asks. */
export function checkMinimumFee(
  coins: readonly Coin[],
  gasLimit: bigint,
  prices: readonly GasPrice[],
): void {
  if (prices.length === 0) return;
  const required = prices.map(({ denom, numerator, denominator }) => ({
    denom,
    amount: (numerator * gasLimit + denominator - 1n) / denominator,
  }));
  const paid = required.some(
    (need) =>
      need.amount === 0n ||
      coins.some((coin) => coin.denom === need.denom && coin.amount >= need.amount),
  );
  if (!paid) {
    throw sdkError(
      'insufficientFee',
      `insufficient fees; got: ${formatCoins(coins)} required: ${formatCoins(required)}`,
    );
  }
}

interface Charge {
  readonly tx: DecodedTx;
  readonly coins: readonly Coin[];
  /** What is taken of them. */
  readonly due: readonly Coin[];
  readonly fees: FeesKeeper;
  readonly accounts: AccountsKeeper;
  /** Undefined where the application grants no fees. */
  readonly grants: GrantsKeeper | undefined;
  readonly simulate: boolean;
}

/**
 * Takes the fee from its payer, or from the account that grants it to the payer. A simulation that names no fee pays
 * a nominal one, so that its gas holds what the real one will cost.
 */
export function deductFee(frame: Frame, charge: Charge): void {
  const { coins, due, simulate } = charge;
  const from = sourceOf(frame, charge);
  const charged = simulate && coins.length === 0 ? nominalFee(frame, charge, from) : due;
  if (charged.length > 0) take(charge, from, charged);
  const fee_payer = frame.environment.addresses.format(from);
  frame.emit('tx', { fee: formatCoins(coins), fee_payer });
}

/** Of what an account holds so many denominations are looked at: anybody can send it more of them. */
const DENOMS_LOOKED_AT = 16;
/** Coins of the fee that a simulation without one has room for. */
const NOMINAL_COINS = 3;
/** What a coin takes in a transaction beside its denomination: two tags, three lengths, an amount of 15 digits. */
const COIN_BYTES = 20;

/**
 * One base unit of each of the denominations that the account may pay in; of many those with the longest names, which
 * cost the most. Pays for their place in the transaction too.
 */
function nominalFee(frame: Frame, { fees, accounts }: Charge, from: Uint8Array): Coin[] {
  const held = fees.denoms(from, DENOMS_LOOKED_AT);
  const dearest = held.toSorted((a, b) => b.length - a.length).slice(0, NOMINAL_COINS);
  const size = dearest.reduce((sum, denom) => sum + denom.length + COIN_BYTES, 0);
  frame.gas.consume(BigInt(size) * accounts.txParams().txSizeCostPerByte, 'txSize');
  return dearest.sort().map((denom) => ({ denom, amount: 1n }));
}

/** @throws ChainError sdk/9 when there is no such account, sdk/5 when it has too little. */
function take({ fees, accounts, tx }: Charge, from: Uint8Array, coins: readonly Coin[]): void {
  try {
    fees.sendToModule(from, FEE_COLLECTOR, coins);
  } catch (error) {
    // Looked up only now: an account that has coins is there.
    if (!(error instanceof ChainError) || accounts.account(from) !== undefined) throw error;
    const payer = tx.authInfo.fee?.granter || tx.feePayer;
    throw sdkError('unknownAddress', `fee payer address: ${payer} does not exist`);
  }
}

/** Who is charged. @throws ChainError of the grant when its granter does not pay for this. */
function sourceOf(frame: Frame, { tx, due, grants }: Charge): Uint8Array {
  const { addresses } = frame.environment;
  const payer = addresses.parse(tx.feePayer, 'fee payer');
  const granterText = tx.authInfo.fee?.granter ?? '';
  if (granterText === '') return payer;
  if (grants === undefined) throw sdkError('invalidRequest', 'fee grants are not enabled');
  const granter = addresses.parse(granterText, 'auth_info.fee.granter');
  if (equalBytes(granter, payer)) return payer;
  const messages = tx.messages.map(({ typeUrl }) => typeUrl);
  try {
    grants.useGrant({ granter, grantee: payer, fee: due, messages });
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    const text = `${granterText} does not allow to pay fees for ${tx.feePayer}: ${error.message}`;
    throw new ChainError(error.codespace, error.code, text, error.isAbsence);
  }
  return granter;
}
