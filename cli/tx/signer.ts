/** Who signs a transaction, with which number and sequence, and the signature itself. */
import { makeSignDoc } from '@cosmjs/proto-signing';
import { toObject } from '../../chain/api/native.ts';
import { type Descriptors, fromJson, type JsonObject } from '../../chain/descriptors/index.ts';
import { DEFAULT_PREFIX } from '../../modules/app.ts';
import { formatAddress, parseAddress } from '../../wire/address.ts';
import { fromBase64 } from '../../wire/bytes.ts';
import { TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { CliError } from '../errors.ts';
import type { KeyInfo, Keyring } from '../keys/keyring.ts';
import type { ChainClient } from '../node/chainClient.ts';

/** An account as the chain knows it. */
export interface AccountState {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export interface Fee {
  readonly amount: readonly { readonly denom: string; readonly amount: string }[];
  readonly gasLimit: bigint;
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

/** The bytes of AuthInfo for one signer in direct mode. */
export function authInfoBytes(
  descriptors: Descriptors,
  signer: { readonly publicKey: string; readonly sequence: bigint },
  fee: Fee,
): Uint8Array {
  return fromJson(
    descriptors,
    'cosmos.tx.v1beta1.AuthInfo',
    authInfoJson(signer, fee),
    'auth_info',
  );
}

/** AuthInfo as JSON; a signer without a key stands for a transaction that is not signed yet. */
export function authInfoJson(
  signer: { readonly publicKey: string; readonly sequence: bigint } | undefined,
  { amount, gasLimit }: Fee,
): JsonObject {
  const fee = {
    amount: amount.map(({ denom, amount: units }) => ({ denom, amount: units })),
    gas_limit: gasLimit.toString(),
    payer: '',
    granter: '',
  };
  if (signer === undefined) return { signer_infos: [], fee };
  const info = {
    public_key: { '@type': '/cosmos.crypto.secp256k1.PubKey', key: signer.publicKey },
    mode_info: { single: { mode: 'SIGN_MODE_DIRECT' } },
    sequence: signer.sequence.toString(),
  };
  return { signer_infos: [info], fee };
}

export interface SignRequest {
  readonly keyring: Keyring;
  readonly key: KeyInfo;
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
}

/** The bytes of the signed transaction. @throws CliError when the key does not open. */
export async function signTx(request: SignRequest): Promise<Uint8Array> {
  const { keyring, key, chainId, accountNumber, bodyBytes } = request;
  const wallet = await keyring.wallet(key.name);
  const document = makeSignDoc(bodyBytes, request.authInfoBytes, chainId, Number(accountNumber));
  const { signature, signed } = await wallet.signDirect(key.address, document);
  return TxRaw.encode({
    bodyBytes: signed.bodyBytes,
    authInfoBytes: signed.authInfoBytes,
    signatures: [fromBase64(signature.signature)],
  }).finish();
}

/** The transaction with an empty signature, as simulation takes it. */
export function unsignedTx(bodyBytes: Uint8Array, authInfo: Uint8Array): Uint8Array {
  return TxRaw.encode({
    bodyBytes,
    authInfoBytes: authInfo,
    signatures: [new Uint8Array(0)],
  }).finish();
}
