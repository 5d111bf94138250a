/** Who signs a transaction, with which number and sequence, and the signature itself. */
import { toObject } from '../../chain/api/native.ts';
import { type Descriptors, fromJson, type JsonObject } from '../../chain/descriptors/index.ts';
import { DEFAULT_PREFIX } from '../../modules/defaults.ts';
import { formatAddress, parseAddress } from '../../wire/address.ts';
import { TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { CliError } from '../errors.ts';
import type { KeyInfo, Keyring } from '../keys/keyring.ts';
import type { ChainClient } from '../node/chainClient.ts';

/** A key that signs, and its account. */
export interface Signer {
  readonly key: KeyInfo;
  readonly account: AccountState;
}

/** An account as the chain knows it. */
export interface AccountState {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export interface Fee {
  readonly amount: readonly { readonly denom: string; readonly amount: string }[];
  readonly gasLimit: bigint;
  /** Addresses; empty where the first signer pays. */
  readonly payer: string;
  readonly granter: string;
}

/** The key of `--from`, given by name or by address. @throws CliError naming the flag. */
export async function keyOf(keyring: Keyring, from: string | undefined): Promise<KeyInfo> {
  if (from === undefined) throw new CliError('--from: needed, the name or address of the key');
  if (keyring.has(from)) return keyring.show(from);
  const found = (await keyring.list()).find(({ address }) => address === from);
  if (found !== undefined) return found;
  throw new CliError(`--from: no key with the name or address "${from}" (see depind keys list)`);
}

/** The address that a text means: one spelt out, or the name of a key. @throws CliError naming `title`. */
export async function addressOf(keyring: Keyring, text: string, title: string): Promise<string> {
  if (keyring.has(text)) return (await keyring.show(text)).address;
  try {
    return formatAddress(DEFAULT_PREFIX, parseAddress(DEFAULT_PREFIX, text, title));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${reason} (and no key has this name)`, { cause });
  }
}

/** @throws CliError when the chain does not know the account. */
export async function accountState(client: ChainClient, address: string): Promise<AccountState> {
  const path = '/cosmos.auth.v1beta1.Query/Account';
  const answer = await client.query(path, { address }).catch((cause: unknown) => {
    if (!(cause instanceof Error) || !cause.message.includes('not found')) throw cause;
    throw new CliError(`account ${address} is not on the chain: it must receive coins first`, {
      cause,
    });
  });
  const account = toObject(toObject(answer).account);
  const { account_number: number, sequence } = account;
  if (typeof number === 'string' && typeof sequence === 'string') {
    return { accountNumber: BigInt(number), sequence: BigInt(sequence) };
  }
  throw new CliError(`account ${address}: a ${String(account['@type'])} cannot sign here`);
}

/** AuthInfo as JSON, for signers in direct mode; without signers it is that of a transaction nobody has signed. */
export function authInfoJson(signers: readonly Signer[], fee: Fee): JsonObject {
  const { amount, gasLimit, payer, granter } = fee;
  return {
    signer_infos: signers.map(({ key, account }) => ({
      public_key: { '@type': '/cosmos.crypto.secp256k1.PubKey', key: key.publicKey },
      mode_info: { single: { mode: 'SIGN_MODE_DIRECT' } },
      sequence: account.sequence.toString(),
    })),
    fee: {
      amount: amount.map(({ denom, amount: units }) => ({ denom, amount: units })),
      gas_limit: gasLimit.toString(),
      payer,
      granter,
    },
  };
}

/** The bytes of the same. */
export function authInfoBytes(
  descriptors: Descriptors,
  signers: readonly Signer[],
  fee: Fee,
): Uint8Array {
  const json = authInfoJson(signers, fee);
  return fromJson(descriptors, 'cosmos.tx.v1beta1.AuthInfo', json, 'auth_info');
}

/** The transaction with empty signatures, as simulation takes it. */
export function unsignedTx(
  bodyBytes: Uint8Array,
  authInfo: Uint8Array,
  signers: readonly Signer[],
): Uint8Array {
  const signatures = signers.map(() => new Uint8Array(0));
  return TxRaw.encode({ bodyBytes, authInfoBytes: authInfo, signatures }).finish();
}
