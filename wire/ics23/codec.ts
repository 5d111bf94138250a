/**
 * CommitmentProof to bytes and back (cosmos/ics23/v1/proofs.proto). Only the one canonical encoding
 * is read, so a proof has no second form: no unknown, repeated, reordered or explicit default field.
 */
import { type MessageShape, type ProtoField, ProtoWriter, readFields } from '../protobuf.ts';
import { HASH_OP, type HashOp, LENGTH_OP, type LengthOp } from './ops.ts';
import { ProofError } from './proofError.ts';
import type {
  CommitmentProof,
  ExistenceProof,
  InnerOp,
  LeafOp,
  NonExistenceProof,
} from './types.ts';

/** Most bytes of one proof: above any value a chain stores and any path its specs allow. */
export const MAX_PROOF_BYTES = 4 * 1024 * 1024;
/** Most steps read per path: the depth of the deepest spec, the sparse Merkle tree. */
export const MAX_PATH_STEPS = 256;

const NO_BYTES = new Uint8Array(0);

/** Messages stand there even when they are empty; numbers and bytes do not. */
type ProofShape = Readonly<Record<number, MessageShape[number] & { readonly message?: true }>>;

const LEAF_SHAPE: ProofShape = {
  1: { name: 'hash', wireType: 0 },
  2: { name: 'prehash_key', wireType: 0 },
  3: { name: 'prehash_value', wireType: 0 },
  4: { name: 'length', wireType: 0 },
  5: { name: 'prefix', wireType: 2 },
};
const INNER_SHAPE: ProofShape = {
  1: { name: 'hash', wireType: 0 },
  2: { name: 'prefix', wireType: 2 },
  3: { name: 'suffix', wireType: 2 },
};
const EXISTENCE_SHAPE: ProofShape = {
  1: { name: 'key', wireType: 2 },
  2: { name: 'value', wireType: 2 },
  3: { name: 'leaf', wireType: 2, message: true },
  4: { name: 'path', wireType: 2, message: true, repeated: true },
};
const NONEXISTENCE_SHAPE: ProofShape = {
  1: { name: 'key', wireType: 2 },
  2: { name: 'left', wireType: 2, message: true },
  3: { name: 'right', wireType: 2, message: true },
};
const COMMITMENT_SHAPE: ProofShape = {
  1: { name: 'exist', wireType: 2, message: true },
  2: { name: 'nonexist', wireType: 2, message: true },
  3: { name: 'batch', wireType: 2, message: true },
  4: { name: 'compressed', wireType: 2, message: true },
};

/** The bytes of a proof, as the official encoders write them. */
export function encodeCommitmentProof(proof: CommitmentProof): Uint8Array {
  const writer = new ProtoWriter();
  return proof.kind === 'exist'
    ? writer.message(1, encodeExistence(proof.exist)).finish()
    : writer.message(2, encodeNonExistence(proof.nonexist)).finish();
}

/**
 * A proof of its bytes, at most `MAX_PROOF_BYTES`.
 * @throws ProofError `malformed` for any other than the canonical encoding, `unsupportedProof` for
 * batch and compressed proofs.
 */
export function decodeCommitmentProof(bytes: Uint8Array): CommitmentProof {
  if (bytes.length > MAX_PROOF_BYTES) {
    throw new ProofError('malformed', `${bytes.length} bytes`, `at most ${MAX_PROOF_BYTES} bytes`);
  }
  return readCommitmentProof(bytes);
}

function readCommitmentProof(bytes: Uint8Array): CommitmentProof {
  const fields = fieldsOf(bytes, 'CommitmentProof', COMMITMENT_SHAPE);
  const field = fields[0];
  if (field === undefined || fields.length > 1) {
    throw new ProofError('malformed', `${fields.length} proofs`, 'one proof');
  }
  switch (field.number) {
    case 1:
      return { kind: 'exist', exist: readExistence(field.bytes) };
    case 2:
      return { kind: 'nonexist', nonexist: readNonExistence(field.bytes) };
    default:
      throw new ProofError(
        'unsupportedProof',
        field.number === 3 ? 'a batch proof' : 'a compressed batch proof',
        'one existence or non-existence proof',
      );
  }
}

function encodeExistence(proof: ExistenceProof): Uint8Array {
  const writer = new ProtoWriter().bytes(1, proof.key).bytes(2, proof.value);
  if (proof.leaf !== undefined) writer.message(3, encodeLeaf(proof.leaf));
  for (const step of proof.path) writer.message(4, encodeInner(step));
  return writer.finish();
}

function readExistence(bytes: Uint8Array): ExistenceProof {
  const fields = fieldsOf(bytes, 'ExistenceProof', EXISTENCE_SHAPE);
  const steps = fields.filter((field) => field.number === 4);
  if (steps.length > MAX_PATH_STEPS) {
    throw new ProofError('depth', `${steps.length} steps`, `at most ${MAX_PATH_STEPS} steps`);
  }
  const leaf = fields.find((field) => field.number === 3);
  return {
    key: bytesOf(fields, 1),
    value: bytesOf(fields, 2),
    leaf: leaf && readLeaf(leaf.bytes),
    path: steps.map((field) => readInner(field.bytes)),
  };
}

function encodeNonExistence(proof: NonExistenceProof): Uint8Array {
  const writer = new ProtoWriter().bytes(1, proof.key);
  if (proof.left !== undefined) writer.message(2, encodeExistence(proof.left));
  if (proof.right !== undefined) writer.message(3, encodeExistence(proof.right));
  return writer.finish();
}

function readNonExistence(bytes: Uint8Array): NonExistenceProof {
  const fields = fieldsOf(bytes, 'NonExistenceProof', NONEXISTENCE_SHAPE);
  const left = fields.find((field) => field.number === 2);
  const right = fields.find((field) => field.number === 3);
  return {
    key: bytesOf(fields, 1),
    left: left && readExistence(left.bytes),
    right: right && readExistence(right.bytes),
  };
}

function encodeLeaf(leaf: LeafOp): Uint8Array {
  return new ProtoWriter()
    .varint(1, leaf.hash)
    .varint(2, leaf.prehashKey)
    .varint(3, leaf.prehashValue)
    .varint(4, leaf.length)
    .bytes(5, leaf.prefix)
    .finish();
}

function readLeaf(bytes: Uint8Array): LeafOp {
  const fields = fieldsOf(bytes, 'LeafOp', LEAF_SHAPE);
  return {
    hash: hashOpOf(fields, 1),
    prehashKey: hashOpOf(fields, 2),
    prehashValue: hashOpOf(fields, 3),
    length: lengthOpOf(fields, 4),
    prefix: bytesOf(fields, 5),
  };
}

function encodeInner(step: InnerOp): Uint8Array {
  const writer = new ProtoWriter().varint(1, step.hash);
  return writer.bytes(2, step.prefix).bytes(3, step.suffix).finish();
}

function readInner(bytes: Uint8Array): InnerOp {
  const fields = fieldsOf(bytes, 'InnerOp', INNER_SHAPE);
  return { hash: hashOpOf(fields, 1), prefix: bytesOf(fields, 2), suffix: bytesOf(fields, 3) };
}

/** The fields of a message in their only order, none of them a default that is written out. */
function fieldsOf(bytes: Uint8Array, title: string, shape: ProofShape): ProtoField[] {
  const fields = allFieldsOf(bytes, title, shape);
  let before = 0;
  for (const { number, wireType, value, bytes: content } of fields) {
    const isDefault = wireType === 0 ? value === 0n : content.length === 0;
    if (number < before || (isDefault && shape[number]?.message !== true)) {
      throw new ProofError(
        'malformed',
        'fields out of order or explicit defaults',
        'canonical form',
      );
    }
    before = number;
  }
  return fields;
}

function allFieldsOf(bytes: Uint8Array, title: string, shape: ProofShape): ProtoField[] {
  try {
    return readFields(bytes, title, shape);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new ProofError('malformed', cause.message, `the fields of ${title}`);
  }
}

function bytesOf(fields: readonly ProtoField[], number: number): Uint8Array {
  return fields.find((field) => field.number === number)?.bytes ?? NO_BYTES;
}

const HASH_OPS: ReadonlySet<number> = new Set(Object.values(HASH_OP));
const LENGTH_OPS: ReadonlySet<number> = new Set(Object.values(LENGTH_OP));

function hashOpOf(fields: readonly ProtoField[], number: number): HashOp {
  return numberOf(fields, number, HASH_OPS) as HashOp;
}

function lengthOpOf(fields: readonly ProtoField[], number: number): LengthOp {
  return numberOf(fields, number, LENGTH_OPS) as LengthOp;
}

/** The number in a field, one of those that are known. */
function numberOf(
  fields: readonly ProtoField[],
  number: number,
  known: ReadonlySet<number>,
): number {
  const value = fields.find((field) => field.number === number)?.value ?? 0n;
  const op = Number(value);
  if (known.has(op)) return op;
  throw new ProofError('malformed', `operation ${value}`, 'a known operation');
}
