/**
 * Verifies the signatures of a block before it runs, in one batch on all cores. The verifier remembers the answers;
 * what cannot be told in advance is verified when it is asked for. Nothing that a block gives depends on it.
 */
import type { SignatureJob } from '../crypto/backend.ts';
import { ChainError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import { GasMeter } from '../module/gas.ts';
import { type DecodedTx, decodeTx } from './decodeTx.ts';
import type { Pipeline } from './runTx.ts';
import { expectedSignatures } from './signatures.ts';

/** Looks at the state of `frame`, and pays nothing from it. */
export function verifyAhead(pipeline: Pipeline, frame: Frame, txs: readonly Uint8Array[]): void {
  const { verifier } = frame.environment;
  if (verifier.verifyAll === undefined) return;
  const { value: jobs } = frame.branch(
    () => txs.flatMap((bytes) => signaturesOf(pipeline, frame, bytes)),
    new GasMeter(),
  );
  verifier.verifyAll(jobs);
}

/** None of a transaction that will fail before its signatures are looked at. */
function signaturesOf(pipeline: Pipeline, frame: Frame, bytes: Uint8Array): SignatureJob[] {
  const { descriptors, router } = pipeline;
  let tx: DecodedTx;
  try {
    tx = decodeTx(descriptors, bytes);
    const accounts = pipeline.accounts(frame);
    const own = expectedSignatures({ frame, tx, accounts, descriptors });
    return [...own, ...tx.messages.flatMap((message) => router.signatures(frame, message))];
  } catch (error) {
    // It will fail for the same reason when it runs; a broken handler of signatures must not stop a block either.
    if (error instanceof ChainError || error instanceof TypeError || error instanceof RangeError) {
      return [];
    }
    throw error;
  }
}
