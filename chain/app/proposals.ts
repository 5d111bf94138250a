/** Which transactions go into a block: as many of the mempool's, in order, as fit. Whatever the bytes are, nothing throws. */
import { encodeVarint } from '../../wire/protobuf.ts';
import type { PrepareProposalRequest } from '../abci/types.ts';
import type { Descriptors } from '../descriptors/index.ts';
import { ChainError } from '../module/errors.ts';
import type { ChainRecord } from './chainRecord.ts';
import { type DecodedTx, decodeTx } from './decodeTx.ts';
import { feeOf } from './fees.ts';

/** What blocks have room for. */
export type BlockRoom = Pick<ChainRecord, 'maxBlockGas' | 'maxBlockBytes'>;

interface Candidate {
  readonly tx: DecodedTx;
  /** Gas that it may use. */
  readonly gas: bigint;
}

/** The transaction, or undefined when the bytes are none or its fee is none. */
function candidateOf(descriptors: Descriptors, bytes: Uint8Array): Candidate | undefined {
  try {
    const tx = decodeTx(descriptors, bytes);
    return { tx, gas: feeOf(tx).gasLimit };
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}

/** Size of a transaction in the block's Data message: tag and length in front. */
export const framedBytes = (tx: Uint8Array): bigint =>
  BigInt(1 + encodeVarint(tx.length).length + tx.length);

/**
 * The transactions of the request that fit by bytes and gas; one that does not fit is passed over, and with it what
 * its signers sent later: their sequences would not fit.
 */
export function selectTxs(
  descriptors: Descriptors,
  { txs, maxTxBytes }: Pick<PrepareProposalRequest, 'txs' | 'maxTxBytes'>,
  { maxBlockGas }: Pick<BlockRoom, 'maxBlockGas'>,
): Uint8Array[] {
  let bytesLeft = maxTxBytes;
  let gasLeft = maxBlockGas > 0n ? maxBlockGas : undefined;
  const passedOver = new Set<string>();
  return txs.filter((bytes) => {
    const candidate = candidateOf(descriptors, bytes);
    if (candidate === undefined) return false;
    const { tx, gas } = candidate;
    const size = framedBytes(bytes);
    const isLater = !tx.unordered && tx.signers.some((signer) => passedOver.has(signer));
    if (isLater || size > bytesLeft || (gasLeft !== undefined && gas > gasLeft)) {
      if (!tx.unordered) for (const signer of tx.signers) passedOver.add(signer);
      return false;
    }
    bytesLeft -= size;
    if (gasLeft !== undefined) gasLeft -= gas;
    return true;
  });
}

/**
 * Whether validators may vote for a block of these: each is a transaction, and together they fit by bytes and gas.
 * @param taken bytes of what stands in front of them
 */
export function acceptable(
  descriptors: Descriptors,
  txs: readonly Uint8Array[],
  { maxBlockGas, maxBlockBytes, taken = 0n }: BlockRoom & { readonly taken?: bigint },
): boolean {
  let gas = 0n;
  let size = taken;
  if (maxBlockBytes >= 0n && size > maxBlockBytes) return false;
  for (const bytes of txs) {
    size += framedBytes(bytes);
    if (maxBlockBytes >= 0n && size > maxBlockBytes) return false;
    const candidate = candidateOf(descriptors, bytes);
    if (candidate === undefined) return false;
    gas += candidate.gas;
    if (maxBlockGas > 0n && gas > maxBlockGas) return false;
  }
  return true;
}
