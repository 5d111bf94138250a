/** What the transaction pipeline needs of an application's modules, whichever they are. */
import type { Coin } from '../math/coins.ts';
import type { Module } from '../module/defineModule.ts';

/** A public key as it stands in an account: an Any. */
export interface AnyKey {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

export interface SigningAccount {
  readonly base: {
    readonly address: string;
    readonly pubKey?: AnyKey | undefined;
    readonly accountNumber: bigint;
    readonly sequence: bigint;
  };
}

/** Limits and prices of transactions, as the SDK's auth parameters. */
export interface TxParams {
  readonly maxMemoCharacters: bigint;
  readonly txSigLimit: bigint;
  readonly txSizeCostPerByte: bigint;
  readonly sigVerifyCostSecp256k1: bigint;
}

/** Offered by the module that keeps accounts. */
export interface AccountsKeeper<A extends SigningAccount = SigningAccount> {
  account(address: Uint8Array): A | undefined;
  save(address: Uint8Array, account: A): void;
  txParams(): TxParams;
}

/** Offered by the module that keeps coins. */
export interface FeesKeeper {
  balance(address: Uint8Array, denom: string): bigint;
  sendToModule(from: Uint8Array, moduleName: string, coins: readonly Coin[]): void;
}

/** The module that keeps accounts: it reads through its views and writes through its api. */
export type AccountsModule = Module<
  Pick<AccountsKeeper, 'save'>,
  Pick<AccountsKeeper, 'account' | 'txParams'>
>;

/** The module that keeps coins. */
export type FeesModule = Module<Pick<FeesKeeper, 'sendToModule'>, Pick<FeesKeeper, 'balance'>>;

/** Where fees go until they are distributed (the SDK's name). */
export const FEE_COLLECTOR = 'fee_collector';
