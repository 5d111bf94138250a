/** A transaction from its bytes: decoded strictly, so that nobody signs or relays what nobody reads (ADR-020, ADR-027). */
import { AuthInfo, TxBody } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import type { SignatureJob } from '../crypto/backend.ts';
import { checkTxEncoding, type Descriptors, signersOf } from '../descriptors/index.ts';
import { sdkError } from '../module/errors.ts';
import { plainAuthInfoOf, plainBodyOf } from './plainTx.ts';
import { type TimeoutFields, timeoutFields } from './timeouts.ts';

export interface DecodedMessage {
  readonly typeUrl: string;
  readonly value: Uint8Array;
  /** Addresses that must sign this message. */
  readonly signers: readonly string[];
}

export interface DecodedTx extends TimeoutFields {
  readonly bytes: Uint8Array;
  /** As received: signatures cover these bytes. */
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  readonly body: TxBody;
  readonly authInfo: AuthInfo;
  readonly messages: readonly DecodedMessage[];
  /** Signers of all messages and the fee payer, in the order in which they must sign, none twice. */
  readonly signers: readonly string[];
  readonly feePayer: string;
  /** What was found out on the way; it follows from the rest and is no part of it. */
  readonly memo: TxMemo;
}

/** Kept since a transaction is verified ahead, and then asked for the same again when it runs. */
export interface TxMemo {
  /** What SIGN_MODE_DIRECT signs on that chain for that account. */
  direct?: { readonly chainId: string; readonly accountNumber: bigint; readonly bytes: Uint8Array };
  /** Signatures with their answers. */
  answers?: readonly { readonly job: SignatureJob; readonly valid: boolean }[];
}

/**
 * What was decoded, until it has run or nobody holds the bytes: a transaction is looked at when it is checked,
 * proposed, verified ahead and run.
 */
const decoded = new WeakMap<
  Uint8Array,
  { readonly descriptors: Descriptors; readonly tx: DecodedTx }
>();

/** A transaction that has run is not looked at again, while its bytes may be held for long. */
export function forgetDecoded(bytes: Uint8Array): void {
  decoded.delete(bytes);
}

/**
 * Remembers what it gave for an array: the bytes must not be changed afterwards.
 * @throws ChainError sdk/2 naming the field for anything but a canonical transaction, sdk/18 for one without messages.
 */
export function decodeTx(descriptors: Descriptors, bytes: Uint8Array): DecodedTx {
  const before = decoded.get(bytes);
  if (before?.descriptors === descriptors) return before.tx;
  try {
    const tx = decode(descriptors, bytes);
    decoded.set(bytes, { descriptors, tx });
    return tx;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw sdkError('txDecode', error.message);
    }
    throw error;
  }
}

function decode(descriptors: Descriptors, bytes: Uint8Array): DecodedTx {
  if (bytes.length === 0) throw new TypeError('tx: expected bytes, got none');
  const { bodyBytes, authInfoBytes, signatures, isPlain } = checkTxEncoding(descriptors, bytes);
  const plain = isPlain ? plainBodyOf(bodyBytes) : undefined;
  const body = plain?.body ?? TxBody.decode(bodyBytes);
  const authInfo =
    (isPlain ? plainAuthInfoOf(authInfoBytes) : undefined) ?? AuthInfo.decode(authInfoBytes);
  if (body.messages.length === 0) {
    throw sdkError('invalidRequest', 'body.messages: must contain at least one message');
  }
  const messages = body.messages.map(({ typeUrl, value }) => ({
    typeUrl,
    value,
    signers: signersOf(descriptors, typeUrl, value).map(oneCase),
  }));
  const feePayer = oneCase(authInfo.fee?.payer || messages[0]!.signers[0]!);
  // Plain bytes hold no time.
  const timeouts =
    plain === undefined
      ? timeoutFields(bodyBytes)
      : { unordered: plain.unordered, timeoutNs: undefined };
  return {
    bytes,
    bodyBytes,
    authInfoBytes,
    signatures,
    body,
    authInfo,
    messages,
    signers: signersOfAll(messages, feePayer),
    feePayer,
    memo: {},
    unordered: timeouts.unordered,
    timeoutNs: timeouts.timeoutNs,
  };
}

function signersOfAll(messages: readonly DecodedMessage[], feePayer: string): readonly string[] {
  const [first, second] = messages;
  const isOnly = second === undefined && first?.signers.length === 1;
  if (isOnly && first.signers[0] === feePayer) return first.signers;
  const signers = new Set(messages.flatMap((message) => message.signers));
  signers.add(feePayer);
  return [...signers];
}

/** An address may be spelt in capitals: it is the same signer all the same. */
function oneCase(address: string): string {
  const first = address.charCodeAt(0);
  // A small letter is in no text of capitals: nearly always said without making one.
  if (first >= 0x61 && first <= 0x7a) return address;
  return address === address.toUpperCase() ? address.toLowerCase() : address;
}
