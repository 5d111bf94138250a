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
  hash: { number: 1, ...hashOp },
  prehashKey: { number: 2, ...hashOp },
  prehashValue: { number: 3, ...hashOp },
  length: { number: 4, holds: 'enum', last: LENGTH_OP.require64Bytes },
  prefix: { number: 5, holds: 'bytes' },
});

const innerCodec = /* @__PURE__ */ messageCodec<InnerOp>('InnerOp', {
  hash: { number: 1, ...hashOp },
  prefix: { number: 2, holds: 'bytes' },
  suffix: { number: 3, holds: 'bytes' },
});

/** The fields of a proof of one key, by what its path consists of. */
function single<Step>(path: Omit<FieldPlan, 'number'>) {
  const exist = messageCodec<ExistenceProof<Step>>('ExistenceProof', {
    key: { number: 1, holds: 'bytes' },
    value: { number: 2, holds: 'bytes' },
    leaf: { number: 3, holds: leafCodec },
    path: { number: 4, ...path },
  });
  const nonexist = messageCodec<NonExistenceProof<Step>>('NonExistenceProof', {
    key: { number: 1, holds: 'bytes' },
    left: { number: 2, holds: exist },
    right: { number: 3, holds: exist },
  });
  return { exist: { number: 1, holds: exist }, nonexist: { number: 2, holds: nonexist } } as const;
}

/** Of CommitmentProof. */
export const proofCodec = /* @__PURE__ */ makeProofCodec();

function makeProofCodec() {
  const plain = single<InnerOp>({ holds: innerCodec, repeated: true });
  const placed = single<number>({ holds: 'places' });
  const entries = <Step>(plan: ReturnType<typeof single<Step>>) =>
    ({ number: 1, holds: messageCodec<Entry<Step>>('BatchEntry', plan), repeated: true }) as const;
  const batch = messageCodec<{ entries: readonly Entry[] }>('BatchProof', {
    entries: entries(plain),
  });
  const compressed = messageCodec<Compressed>('CompressedBatchProof', {
    entries: entries(placed),
    lookup: { number: 2, holds: innerCodec, repeated: true },
  });
  return messageCodec<ProofMessage>('CommitmentProof', {
    ...plain,
    batch: { number: 3, holds: batch },
    compressed: { number: 4, holds: compressed },
  });
}
