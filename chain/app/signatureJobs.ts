/** What the signatures of a transaction have to be verified against, in each sign mode. */
import { equalBytes } from '../../wire/bytes.ts';
import { SignMode } from '../../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import type { SignerInfo } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import type { SignatureJob } from '../crypto/backend.ts';
import type { Descriptors } from '../descriptors/index.ts';
import { type ChainError, sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import type { AccountKey } from './accountKeys.ts';
import { type SingleSignature, singleSignatures } from './amino/multisig.ts';
import { aminoSignBytes } from './amino/signBytes.ts';
import type { DecodedTx } from './decodeTx.ts';
import { directSignBytes } from './directSignBytes.ts';
import type { AccountsKeeper, SigningAccount } from './keepers.ts';
import type { ExecutionMode } from './runTx.ts';

/** A transaction whose signatures are checked. */
export interface Signing {
  readonly frame: Frame;
  readonly tx: DecodedTx;
  readonly accounts: AccountsKeeper;
  readonly mode: ExecutionMode;
  readonly descriptors: Descriptors;
}

/**
 * The signatures by single keys in the signature of an account.
 * @throws ChainError sdk/4 for a multisig signature of another form.
 */
export function partsOf(
  key: AccountKey,
  { info, signature }: { readonly info: SignerInfo; readonly signature: Uint8Array },
): SingleSignature[] {
  try {
    return singleSignatures(key, info.modeInfo, signature);
  } catch (error) {
    throw unauthorized(error);
  }
}

/** What is to be verified for one signer, with what was signed. @throws ChainError for an unknown sign mode. */
export function jobsOf(
  signing: Signing,
  base: Pick<SigningAccount['base'], 'accountNumber' | 'sequence'>,
  parts: readonly SingleSignature[],
): SignatureJob[] {
  let aminoBytes: Uint8Array | undefined;
  return parts.map(({ key, mode, signature }) => {
    let message: Uint8Array;
    if (mode === SignMode.SIGN_MODE_DIRECT) message = directBytes(signing, base);
    else if (mode === SignMode.SIGN_MODE_LEGACY_AMINO_JSON) {
      aminoBytes ??= legacySignBytes(signing, base);
      message = aminoBytes;
    } else throw unsupportedMode(mode);
    return { type: key.type, signature, message, publicKey: key.bytes };
  });
}

/** Made once for a transaction, unless it has several signers. */
function directBytes(
  { frame, tx }: Signing,
  { accountNumber }: Pick<SigningAccount['base'], 'accountNumber'>,
): Uint8Array {
  const { bodyBytes, authInfoBytes, memo } = tx;
  const { chainId } = frame.block;
  const before = memo.direct;
  if (before?.accountNumber === accountNumber && before.chainId === chainId) return before.bytes;
  const bytes = directSignBytes({ bodyBytes, authInfoBytes, chainId, accountNumber });
  memo.direct = { chainId, accountNumber, bytes };
  return bytes;
}

/** Whether the signature is valid, as it was found ahead or by the verifier. */
export function isSigned({ frame, tx }: Signing, job: SignatureJob): boolean {
  const { type, signature, message, publicKey } = job;
  for (const { job: known, valid } of tx.memo.answers ?? []) {
    const isSame =
      known.type === type &&
      known.signature === signature &&
      known.message === message &&
      equalBytes(known.publicKey, publicKey);
    if (isSame) return valid;
  }
  return frame.environment.verifier[type](signature, message, publicKey);
}

function legacySignBytes(
  { frame, tx, descriptors }: Signing,
  { accountNumber, sequence }: Pick<SigningAccount['base'], 'accountNumber' | 'sequence'>,
): Uint8Array {
  try {
    const { chainId } = frame.block;
    return aminoSignBytes(descriptors, tx, { chainId, accountNumber, sequence });
  } catch (error) {
    throw unauthorized(error);
  }
}

/** What the codecs refuse with a TypeError is no valid signature; all else goes on as it is. */
function unauthorized(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  return sdkError('unauthorized', `signature verification failed: ${error.message}`);
}

function unsupportedMode(mode: SignMode | undefined): ChainError {
  return sdkError(
    'unauthorized',
    'signature verification failed: sign mode: expected SIGN_MODE_DIRECT or ' +
      `SIGN_MODE_LEGACY_AMINO_JSON, got ${mode ?? 'none'}`,
  );
}
