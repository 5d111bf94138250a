/** Operations as signed transactions. */

import { aminoSignBytes } from '../chain/app/amino/signBytes.ts';
import type { Descriptors } from '../chain/descriptors/index.ts';
import { fromJson, signersOf } from '../chain/descriptors/index.ts';
import { concatBytes } from '../wire/bytes.ts';
import { SignMode } from '../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import { AuthInfo, SignDoc, TxBody, TxRaw } from '../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { ProtoWriter } from '../wire/protobuf.ts';
import { encodeTimestamp } from '../wire/time.ts';
import type { Signable, SimulatedAccount } from './accounts.ts';
import type { Operation } from './operation.ts';

/** Gas that every simulated transaction may use unless its fault or the caller says otherwise. */
export const GAS_LIMIT = 20_000_000n;
const FEE = '5000';
/** How long a transaction without a sequence is good. */
const UNORDERED_NS = 60_000_000_000n;
/** Fields of a TxBody since SDK 0.53. */
const UNORDERED = 4;
const TIMEOUT_TIMESTAMP = 5;

/** Who signs, and what the chain knows of them now. */
export interface SigningState {
  readonly account: SimulatedAccount;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export interface SigningContext {
  readonly descriptors: Descriptors;
  readonly chainId: string;
  readonly denom: string;
  /** Of the block that it is for, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  readonly gasLimit?: bigint;
  /** As wallets ask for an estimate: no fee, no gas limit, an empty signature. */
  readonly unsigned?: boolean;
}

/** The encoded messages of an operation. @throws TypeError naming the value that cannot be encoded. */
export function encodeMessages(
  descriptors: Descriptors,
  { messages }: Operation,
): { typeUrl: string; value: Uint8Array }[] {
  return messages.map(({ '@type': typeUrl, ...json }) => ({
    typeUrl,
    value: fromJson(descriptors, typeUrl.slice(1), json),
  }));
}

/** The addresses that must sign, in order; none when a message names no signer that can be read. */
export function signersOfOperation(descriptors: Descriptors, operation: Operation): string[] {
  try {
    const messages = encodeMessages(descriptors, operation);
    return [
      ...new Set(messages.flatMap(({ typeUrl, value }) => signersOf(descriptors, typeUrl, value))),
    ];
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}

/** The bytes of a transaction, signed by all signers in order, with the fault of the operation. */
export function transactionOf(
  context: SigningContext,
  operation: Operation,
  signers: readonly SigningState[],
): Uint8Array {
  const { fault } = operation;
  const bodyBytes = bodyOf(context, operation);
  const authInfoBytes = authInfoOf(context, operation, signers);
  const signatures = signers.map((signer) => {
    if (context.unsigned) return new Uint8Array(0);
    const signature = signer.account.sign(
      signable(context, { operation, signer, bodyBytes, authInfoBytes }),
    );
    if (fault?.kind === 'badSignature') signature[40]! ^= 1;
    return signature;
  });
  const raw = {
    bodyBytes,
    authInfoBytes,
    signatures: fault?.kind === 'noSignature' ? [] : signatures,
  };
  return damaged(TxRaw.encode(raw).finish(), fault);
}

function bodyOf({ descriptors, timeNs }: SigningContext, operation: Operation): Uint8Array {
  const messages = encodeMessages(descriptors, operation);
  const body = TxBody.encode(TxBody.fromPartial({ messages })).finish();
  if (!operation.payment?.unordered) return body;
  const later = new ProtoWriter()
    .varint(UNORDERED, true)
    .message(TIMEOUT_TIMESTAMP, encodeTimestamp(timeNs + UNORDERED_NS));
  return concatBytes(body, later.finish());
}

interface SignedParts {
  readonly operation: Operation;
  readonly signer: SigningState;
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
}

function signable(
  { descriptors, chainId: own }: SigningContext,
  { operation, signer, bodyBytes, authInfoBytes }: SignedParts,
): Signable {
  const { fault, payment } = operation;
  const { accountNumber } = signer;
  const chainId = fault?.kind === 'otherChain' ? 'another-chain' : own;
  const sequence = payment?.unordered ? 0n : signer.sequence;
  return {
    direct: () => SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish(),
    amino() {
      const body = TxBody.decode(bodyBytes);
      const authInfo = AuthInfo.decode(authInfoBytes);
      const data = { chainId, accountNumber, sequence };
      return aminoSignBytes(descriptors, { bodyBytes, body, authInfo }, data);
    },
  };
}

/** Wallets cannot tell the mode of a signature that they do not have. */
const UNKNOWN_MODE = { single: { mode: SignMode.SIGN_MODE_UNSPECIFIED } };

function authInfoOf(
  { denom, gasLimit = GAS_LIMIT, unsigned }: SigningContext,
  { fault, payment = { denoms: [denom] } }: Operation,
  signers: readonly SigningState[],
): Uint8Array {
  const off = fault?.kind === 'wrongSequence' ? 7n : 0n;
  const isFree = unsigned || fault?.kind === 'noFee';
  const amount = isFree ? [] : payment.denoms.map((each) => ({ denom: each, amount: FEE }));
  const limit = unsigned ? 0n : fault?.kind === 'gasLimit' ? BigInt(fault.gas) : gasLimit;
  return AuthInfo.encode({
    signerInfos: signers.map(({ account, sequence }) => ({
      publicKey: account.publicKey,
      modeInfo: unsigned ? UNKNOWN_MODE : account.modeInfo,
      sequence: payment.unordered ? off : sequence + off,
    })),
    fee: { amount, gasLimit: limit, payer: '', granter: payment.granter ?? '' },
  }).finish();
}

function damaged(tx: Uint8Array, fault: Operation['fault']): Uint8Array {
  switch (fault?.kind) {
    case 'empty':
      return new Uint8Array(0);
    case 'unknownField':
      // Field 2047 as a varint: critical, so it must be refused.
      return concatBytes(tx, Uint8Array.of(0xf8, 0x7f, 1));
    case 'truncated':
      return tx.subarray(0, fault.at % tx.length);
    case 'flippedByte': {
      const copy = tx.slice();
      copy[fault.at % copy.length]! ^= 0x55;
      return copy;
    }
    default:
      return tx;
  }
}
