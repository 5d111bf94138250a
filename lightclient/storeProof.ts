/**
 * A value of a Cosmos SDK store, or its absence, proven up to the AppHash: first ICS23 over the IAVL tree
 * of the store, then over the tree of stores (SDK store/types/commit_info.go, rootmulti).
 */
import { equalBytes, toUtf8 } from '../wire/bytes.ts';
import {
  decodeCommitmentProof,
  type ExistenceProof,
  existenceRoot,
  iavlAbsenceSpec,
  iavlSpec,
  type NonExistenceProof,
  ProofError,
  shown,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from '../wire/ics23/index.ts';
import type { Refusal } from '../wire/verdict.ts';
import { printable } from './jsonRpc.ts';
import type { Provider, QueryAnswer } from './provider.ts';

/** What is asked to be proven under the AppHash that header `height + 1` carries. */
export interface StoreClaim {
  readonly appHash: Uint8Array;
  readonly store: string;
  readonly key: Uint8Array;
  readonly height: bigint;
}

/** A proven value; undefined when it is proven that the key is absent. */
export interface ProvenValue {
  readonly ok: true;
  readonly value: Uint8Array | undefined;
}

export type StoreProofResult = ProvenValue | Refusal;

/** Asks for the value of a key in a store, with its proof. @throws ProviderError */
export function queryStore(
  provider: Provider,
  { store, key, height }: Omit<StoreClaim, 'appHash'>,
): Promise<QueryAnswer> {
  return provider.abciQuery({ path: `/store/${store}/key`, data: key, height, prove: true });
}

/** Bytes that a proof takes. */
export function proofSize({ proofOps }: QueryAnswer): number {
  return proofOps.reduce((size, op) => size + op.data.length, 0);
}

/**
 * Whether the answer proves the key's value, or its absence, for this very store, key and height.
 * Every field of the answer that could mislead must fit; reasons are those of ICS23 or name the field.
 */
export function verifyStoreAnswer(claim: StoreClaim, answer: QueryAnswer): StoreProofResult {
  const misfit = misfitOf(claim, answer);
  if (misfit !== undefined) return misfit;
  const [keyOp, storeOp] = answer.proofOps;
  const proof = keyOp!.data;
  const isAbsent = answer.value.length === 0;
  const root = claimedRoot(proof, isAbsent);
  if (!(root instanceof Uint8Array)) return root;
  const ofKey = { root, proof, key: claim.key };
  const inTree = isAbsent
    ? verifyNonMembership({ spec: iavlAbsenceSpec, ...ofKey })
    : verifyMembership({ spec: iavlSpec, ...ofKey, value: answer.value });
  if (!inTree.ok) return inTree;
  const inApp = verifyMembership({
    spec: tendermintSpec,
    root: claim.appHash,
    proof: storeOp!.data,
    key: toUtf8(claim.store),
    value: root,
  });
  if (!inApp.ok) return inApp;
  return { ok: true, value: isAbsent ? undefined : answer.value };
}

function misfitOf(claim: StoreClaim, answer: QueryAnswer): Refusal | undefined {
  const { code, log, height, key, proofOps } = answer;
  if (code !== 0) return refused('query', `code ${code}: ${printable(log)}`, 'code 0');
  if (height !== claim.height) return refused('height', `${height}`, `${claim.height}`);
  if (!equalBytes(key, claim.key)) return refused('key', shown(key), shown(claim.key));
  if (proofOps.length !== 2) return refused('proofOps', `${proofOps.length} proof ops`, '2');
  const expected = [
    { type: 'ics23:iavl', key: claim.key },
    { type: 'ics23:simple', key: toUtf8(claim.store) },
  ];
  for (const [index, op] of expected.entries()) {
    const got = proofOps[index]!;
    if (got.type !== op.type) return refused('proofOps', printable(got.type), op.type);
    if (!equalBytes(got.key, op.key)) return refused('proofOps', shown(got.key), shown(op.key));
  }
  return undefined;
}

/** The root of the store that the proof leads to; it counts once it is proven under the AppHash. */
function claimedRoot(bytes: Uint8Array, isAbsent: boolean): Uint8Array | Refusal {
  try {
    const proof = decodeCommitmentProof(bytes);
    if (proof.kind === 'exist' && !isAbsent) return existenceRoot(proof.exist);
    if (proof.kind === 'nonexist' && isAbsent) {
      return existenceRoot(neighbourOf(proof.nonexist), true);
    }
    // A node that is asked for such a key can answer nothing else.
    if (proof.kind === 'exist' && proof.exist.value.length === 0) return refused(...EMPTY_VALUE);
    return refused('wrongProofKind', proof.kind, isAbsent ? 'nonexist' : 'exist');
  } catch (error) {
    if (error instanceof ProofError) return error.refusal;
    throw error;
  }
}

const EMPTY_VALUE = ['emptyValue', 'an empty value', 'a value: ICS23 proves no empty one'] as const;

function neighbourOf({ left, right }: NonExistenceProof): ExistenceProof {
  const proof = left ?? right;
  if (proof !== undefined) return proof;
  throw new ProofError('neighboursMissing', 'no neighbour', 'at least one neighbour');
}

function refused(reason: string, got: string, expected: string): Refusal {
  return { ok: false, reason, got, expected };
}
