/** Which transactions go into a block: as many of the mempool's, in order, as fit. */
import { AuthInfo } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { encodeVarint } from '../../wire/protobuf.ts';
import type { PrepareProposalRequest } from '../abci/types.ts';
import { checkTxEncoding, type Descriptors } from '../descriptors/index.ts';

/** Gas that the transaction may use; undefined when its bytes are no transaction. */
function gasWanted(descriptors: Descriptors, tx: Uint8Array): bigint | undefined {
  try {
    const { authInfoBytes } = checkTxEncoding(descriptors, tx);
    return AuthInfo.decode(authInfoBytes).fee?.gasLimit ?? 0n;
  } catch {
    return undefined;
  }
}

/** Bytes in the block's Data message: tag and length in front. */
const framedBytes = (tx: Uint8Array): bigint =>
  BigInt(1 + encodeVarint(tx.length).length + tx.length);

/** The transactions of the request that fit by bytes and gas; one that does not fit is passed over. */
export function selectTxs(
  descriptors: Descriptors,
  { txs, maxTxBytes }: PrepareProposalRequest,
  maxBlockGas: bigint,
): Uint8Array[] {
  let bytesLeft = maxTxBytes;
  let gasLeft = maxBlockGas > 0n ? maxBlockGas : undefined;
  return txs.filter((tx) => {
    const bytes = framedBytes(tx);
    const gas = gasWanted(descriptors, tx);
    if (gas === undefined || bytes > bytesLeft) return false;
    if (gasLeft !== undefined && gas > gasLeft) return false;
    bytesLeft -= bytes;
    if (gasLeft !== undefined) gasLeft -= gas;
    return true;
  });
}

/** Whether validators may vote for a block of these: each is a transaction, and their gas fits. */
export function acceptable(
  descriptors: Descriptors,
  txs: readonly Uint8Array[],
  maxBlockGas: bigint,
): boolean {
  let total = 0n;
  for (const tx of txs) {
    const gas = gasWanted(descriptors, tx);
    if (gas === undefined) return false;
    total += gas;
  }
  return maxBlockGas <= 0n || total <= maxBlockGas;
}
