/** The signature of a transaction: apart from its signers, since CosmJS takes a moment to load. */
import { makeSignDoc } from '@cosmjs/proto-signing';
import { fromBase64 } from '../../wire/bytes.ts';
import { TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Signer } from './signer.ts';

export interface SignRequest {
  readonly keyring: Keyring;
  readonly signers: readonly Signer[];
  readonly chainId: string;
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
}

/** The bytes of the signed transaction. @throws CliError when a key does not open. */
export async function signTx(request: SignRequest): Promise<Uint8Array> {
  const { keyring, signers, chainId, bodyBytes } = request;
  const signatures: Uint8Array[] = [];
  for (const { key, account } of signers) {
    const wallet = await keyring.wallet(key.name);
    const number = Number(account.accountNumber);
    const document = makeSignDoc(bodyBytes, request.authInfoBytes, chainId, number);
    const { signature } = await wallet.signDirect(key.address, document);
    signatures.push(fromBase64(signature.signature));
  }
  return TxRaw.encode({ bodyBytes, authInfoBytes: request.authInfoBytes, signatures }).finish();
}
