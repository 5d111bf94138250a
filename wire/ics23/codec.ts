/**
 * CommitmentProof to bytes and back (cosmos/ics23/v1/proofs.proto). Only the one canonical encoding
 * is read, so a proof has no second form: no unknown, repeated, reordered or explicit default field.
 */
import { compress, decompress } from './batch.ts';
import { type Entry, type ProofMessage, proofCodec } from './messages.ts';
import { malformed, ProofError } from './proofError.ts';
import type { CommitmentProof, ExistenceProof, SingleProof } from './types.ts';

/** Most bytes of one proof: above any value a chain stores and any path its specs allow. */
export const MAX_PROOF_BYTES = 4 * 1024 * 1024;
/** Most proofs in a batch. */
export const MAX_BATCH_ENTRIES = 4096;
/** Most steps read per path: the depth of the deepest spec, the sparse Merkle tree. */
const MAX_PATH_STEPS = 256;

/** The bytes of a proof, as the official encoders write and compress them. */
export function encodeCommitmentProof(proof: CommitmentProof): Uint8Array {
  return proofCodec.encode(messageOf(proof)).finish();
}

/** The same of one key that is there, for who must not pay for batches. */
export function encodeExistenceProof(exist: ExistenceProof): Uint8Array {
  return proofCodec.encode({ exist }).finish();
}

function messageOf(proof: CommitmentProof): ProofMessage {
  if (proof.kind !== 'batch') return proof;
  const { entries, isCompressed } = proof;
  const plain: readonly Entry[] = entries;
  return isCompressed ? { compressed: compress(plain) } : { batch: { entries: plain } };
}

/**
 * A proof of its bytes, at most `MAX_PROOF_BYTES`.
 * @throws ProofError `malformed` for any other than the canonical encoding, `depth` for a path over 256 steps.
 */
export function decodeCommitmentProof(bytes: Uint8Array): CommitmentProof {
  if (bytes.length > MAX_PROOF_BYTES) {
    throw malformed(`${bytes.length} bytes`, `at most ${MAX_PROOF_BYTES} bytes`);
  }
  const message = onlyOne(readProof(bytes));
  const { batch, compressed } = message;
  const entries = compressed ? decompress(compressed) : batch?.entries;
  if (entries === undefined) return singleOf(message);
  if (entries.length > MAX_BATCH_ENTRIES) {
    throw malformed(`${entries.length} entries`, `at most ${MAX_BATCH_ENTRIES}`);
  }
  return { kind: 'batch', isCompressed: compressed !== undefined, entries: entries.map(singleOf) };
}

function readProof(bytes: Uint8Array): ProofMessage {
  try {
    return proofCodec.decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw malformed(cause.message, 'the canonical encoding');
  }
}

function singleOf(entry: Entry): SingleProof {
  const { exist, nonexist } = onlyOne(entry);
  for (const proof of [exist, nonexist?.left, nonexist?.right]) checkDepth(proof);
  return exist ? { kind: 'exist', exist } : { kind: 'nonexist', nonexist: nonexist! };
}

function checkDepth(proof: ExistenceProof | undefined): void {
  const steps = proof?.path.length ?? 0;
  if (steps > MAX_PATH_STEPS) {
    throw new ProofError('depth', `${steps} steps`, `at most ${MAX_PATH_STEPS} steps`);
  }
}

function onlyOne<T extends object>(message: T): T {
  const count = Object.values(message).filter((part) => part !== undefined).length;
  if (count === 1) return message;
  throw malformed(`${count} proofs`, 'one proof');
}
