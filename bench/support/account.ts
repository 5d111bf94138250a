/** Accounts that sign many transactions quickly, with the codecs of wire/. */
import { addressOfSecp256k1, formatAddress } from '../../wire/address.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { SignMode } from '../../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import { AuthInfo, SignDoc, TxBody, TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import { sha256 } from '../../wire/hash.ts';
import { signing } from './signing.ts';

const FEE = { denom: 'udepin', amount: '5000' };

/** Signs with consecutive sequences, whatever becomes of the transactions. */
export class BenchAccount {
  readonly bytes: Uint8Array;
  readonly address: string;
  /** As genesis counts accounts. */
  readonly number: bigint;
  readonly #secret: Uint8Array;
  readonly #publicKey: Uint8Array;
  readonly #chainId: string;
  #sequence = 0n;

  /** The account at place `index` in genesis; its key derives from that. */
  constructor(index: number, chainId: string) {
    this.#secret = sha256(toUtf8(`bench account ${index}`));
    this.#publicKey = signing.publicKeyOf(this.#secret);
    this.#chainId = chainId;
    this.number = BigInt(index);
    this.bytes = addressOfSecp256k1(this.#publicKey);
    this.address = formatAddress('depin', this.bytes);
  }

  /** A signed transaction's bytes. */
  sign(messages: readonly Any[], gasLimit: bigint): Uint8Array {
    const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [...messages] })).finish();
    const authInfoBytes = this.#authInfo(gasLimit);
    const { number: accountNumber } = this;
    const chainId = this.#chainId;
    const document = SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish();
    const signature = signing.sign(document, this.#secret);
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish();
  }

  #authInfo(gasLimit: bigint): Uint8Array {
    const key = PubKey.encode({ key: this.#publicKey }).finish();
    const info = AuthInfo.fromPartial({
      signerInfos: [
        {
          publicKey: { typeUrl: '/cosmos.crypto.secp256k1.PubKey', value: key },
          modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } },
          sequence: this.#sequence++,
        },
      ],
      fee: { amount: [FEE], gasLimit, payer: '', granter: '' },
    });
    return AuthInfo.encode(info).finish();
  }
}
