/** What the transaction pipeline needs of an application's modules, whichever they are. */
import type { PublicKey } from '../../wire/types.ts';
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
  /** Remembers the timeout of an unordered transaction for its signer; false when it was used before. */
  useNonce(address: Uint8Array, timeoutNs: bigint): boolean;
}

/** Offered by the module that keeps coins. */
export interface FeesKeeper {
  /** Up to `most` of the denominations that an account holds, the first ones in their order. */
  denoms(address: Uint8Array, most: number): readonly string[];
  sendToModule(from: Uint8Array, moduleName: string, coins: readonly Coin[]): void;
}

/** A fee that one account asks another to pay. */
export interface FeeRequest {
  readonly granter: Uint8Array;
  readonly grantee: Uint8Array;
  readonly fee: readonly Coin[];
  /** Type URLs of the messages that it is for. */
  readonly messages: readonly string[];
}

/** Offered by the module that keeps fee allowances. */
export interface GrantsKeeper {
  /** @throws ChainError when the granter does not pay it. */
  useGrant(request: FeeRequest): void;
}

/** The module that keeps accounts: it reads through its views and writes through its api. */
export type AccountsModule = Module<
  Pick<AccountsKeeper, 'save' | 'useNonce'>,
  Pick<AccountsKeeper, 'account' | 'txParams'>
>;

/** The module that keeps coins. */
export type FeesModule = Module<Pick<FeesKeeper, 'sendToModule'>, Pick<FeesKeeper, 'denoms'>>;

/** The module that keeps fee allowances. */
export type GrantsModule = Module<GrantsKeeper>;

/** Offered by the module that keeps validators. */
export interface ValidatorsKeeper {
  /** The key that a validator votes with, by its address in consensus, 20 bytes; undefined for one that never was. */
  consensusKey(address: Uint8Array): PublicKey | undefined;
}

/** The module that keeps validators. */
export type ValidatorsModule = Module<object, ValidatorsKeeper>;

/** Where fees go until they are distributed (the SDK's name). */
export const FEE_COLLECTOR = 'fee_collector';
