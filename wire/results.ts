/** Hashes over consensus parameters and results, and proofs that a transaction is in a block. */
import { txHash } from './block.ts';
import { sha256 } from './hash.ts';
import { type MerkleProof, merkleProof, merkleRoot, merkleRootFromProof } from './merkle.ts';
import { ProtoWriter } from './protobuf.ts';
import type { ConsensusParams, DeterministicTxResult } from './types.ts';

/** ConsensusHash, 32 bytes: sha256 of tendermint.types.HashedParams, the limits of a block. */
export function hashConsensusParams(params: Pick<ConsensusParams, 'block'>): Uint8Array {
  const { maxBytes, maxGas } = params.block;
  return sha256(new ProtoWriter().varint(1, maxBytes).varint(2, maxGas).finish());
}

/** A tendermint.abci.ExecTxResult with the fields that validators must agree on. */
export function encodeTxResult(result: DeterministicTxResult): Uint8Array {
  return new ProtoWriter()
    .varint(1, result.code)
    .bytes(2, result.data)
    .varint(5, result.gasWanted)
    .varint(6, result.gasUsed)
    .finish();
}

/** LastResultsHash of the next header, 32 bytes: the Merkle root over the results of a block. */
export function hashResults(results: readonly DeterministicTxResult[]): Uint8Array {
  return merkleRoot(results.map(encodeTxResult));
}

/** A transaction with its Merkle path to the DataHash of its block. */
export interface TxProof {
  readonly rootHash: Uint8Array;
  readonly transaction: Uint8Array;
  readonly proof: MerkleProof;
}

/** The proof for the transaction at `index`. @throws RangeError when there is none. */
export function txProof(txs: readonly Uint8Array[], index: number): TxProof {
  const proof = merkleProof(txs.map(txHash), index);
  const rootHash = merkleRootFromProof(proof.leafHash, index, proof.total, proof.aunts)!;
  return { rootHash, transaction: txs[index]!, proof };
}
