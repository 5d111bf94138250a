/** Transactions put together field by field, with several signers, fee payers, granters and the fields of SDK 0.53. */
import type { EncodeObject } from '@cosmjs/proto-signing';
import { concatBytes } from '../../wire/bytes.ts';
import { SignMode } from '../../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import { AuthInfo, TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import { encodeTimestamp } from '../../wire/time.ts';
import type { TestAccount } from './testChain.ts';

export interface TxParts {
  readonly messages: readonly EncodeObject[];
  /** In the order in which they must sign. */
  readonly signers: readonly TestAccount[];
  /** Base units of udepin. */
  readonly fee?: string;
  /** The fee as coins, for what no wallet writes. */
  readonly coins?: readonly { readonly denom: string; readonly amount: string }[];
  readonly gas?: bigint;
  readonly payer?: string;
  readonly granter?: string;
  readonly memo?: string;
  readonly timeoutHeight?: bigint;
  readonly unordered?: boolean;
  readonly timeoutNs?: bigint;
  /** Sequence of every signer. Default: its next one, which is then used up; 0 for an unordered one. */
  readonly sequence?: number;
  /** Bytes behind the body. */
  readonly extra?: Uint8Array;
}

/** The signed bytes. */
export async function signTx(parts: TxParts): Promise<Uint8Array> {
  const bodyBytes = bodyOf(parts);
  const authInfoBytes = authInfoOf(parts);
  const signatures = await Promise.all(
    parts.signers.map((signer) => signer.signBytes(bodyBytes, authInfoBytes)),
  );
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures }).finish();
}

/** The bytes with empty signatures, as a simulation takes them. */
export function unsignedTx(parts: TxParts): Uint8Array {
  const signatures = parts.signers.map(() => new Uint8Array(0));
  const authInfoBytes = authInfoOf({ ...parts, sequence: parts.sequence ?? 0 });
  return TxRaw.encode({ bodyBytes: bodyOf(parts), authInfoBytes, signatures }).finish();
}

function bodyOf(parts: TxParts): Uint8Array {
  const { messages, signers, memo = '', timeoutHeight = 0n, extra = new Uint8Array(0) } = parts;
  const later = new ProtoWriter().varint(4, parts.unordered ?? false);
  if (parts.timeoutNs !== undefined) later.message(5, encodeTimestamp(parts.timeoutNs));
  const { registry } = signers[0]!;
  return concatBytes(
    registry.encodeTxBody({ messages, memo, timeoutHeight }),
    later.finish(),
    extra,
  );
}

function authInfoOf(parts: TxParts): Uint8Array {
  const { signers, fee = '5000', gas = 400_000n, payer = '', granter = '' } = parts;
  const sequenceOf = (signer: TestAccount): number => {
    if (parts.sequence !== undefined) return parts.sequence;
    return parts.unordered ? 0 : signer.sequence++;
  };
  const signerInfos = signers.map((signer) => ({
    publicKey: signer.publicKey,
    modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } },
    sequence: BigInt(sequenceOf(signer)),
  }));
  const one = fee === '' ? [] : [{ denom: 'udepin', amount: fee }];
  const amount = [...(parts.coins ?? one)];
  return AuthInfo.encode(
    AuthInfo.fromPartial({ signerInfos, fee: { amount, gasLimit: gas, payer, granter } }),
  ).finish();
}
