/** The messages of cosmos/ics23/v1/proofs.proto. */
import { type FieldPlan, messageCodec } from '../messageCodec.ts';
import { HASH_OP, LENGTH_OP } from './ops.ts';
import type { ExistenceProof, InnerOp, LeafOp, NonExistenceProof } from './types.ts';

/** A proof of one key as it stands in a message: one of the two is there. */
export interface Entry<Step = InnerOp> {
  readonly exist?: ExistenceProof<Step> | undefined;
  readonly nonexist?: NonExistenceProof<Step> | undefined;
}

/** Entries whose paths are places in the table `lookup`. */
export interface Compressed {
  readonly entries: readonly Entry<number>[];
  readonly lookup: readonly InnerOp[];
}

/** A CommitmentProof: one of its fields is there. */
export interface ProofMessage extends Entry {
  readonly batch?: { readonly entries: readonly Entry[] } | undefined;
  readonly compressed?: Compressed | undefined;
}

const hashOp = { holds: 'enum', last: HASH_OP.blake3 } as const;

const leafCodec = /* @__PURE__ */ messageCodec<LeafOp>('LeafOp', {
  hash: hashOp,
  prehashKey: hashOp,
  prehashValue: hashOp,
  length: { holds: 'enum', last: LENGTH_OP.require64Bytes },
  prefix: 'bytes',
});

const innerCodec = /* @__PURE__ */ messageCodec<InnerOp>('InnerOp', {
  hash: hashOp,
  prefix: 'bytes',
  suffix: 'bytes',
});

/** The fields of a proof of one key, by what its path consists of. */
function single<Step>(path: FieldPlan) {
  const exist = messageCodec<ExistenceProof<Step>>('ExistenceProof', {
    key: 'bytes',
    value: 'bytes',
    leaf: leafCodec,
    path,
  });
  const nonexist = messageCodec<NonExistenceProof<Step>>('NonExistenceProof', {
    key: 'bytes',
    left: exist,
    right: exist,
  });
  return { exist, nonexist };
}

/** Of CommitmentProof. */
export const proofCodec = /* @__PURE__ */ makeProofCodec();

function makeProofCodec() {
  const plain = single<InnerOp>({ holds: innerCodec, repeated: true });
  const placed = single<number>({ holds: 'places' });
  const entries = <Step>(plan: ReturnType<typeof single<Step>>) =>
    ({ holds: messageCodec<Entry<Step>>('BatchEntry', plan), repeated: true }) as const;
  const batch = messageCodec<{ entries: readonly Entry[] }>('BatchProof', {
    entries: entries(plain),
  });
  const compressed = messageCodec<Compressed>('CompressedBatchProof', {
    entries: entries(placed),
    lookup: { holds: innerCodec, repeated: true },
  });
  return messageCodec<ProofMessage>('CommitmentProof', {
    ...plain,
    batch,
    compressed,
  });
}
