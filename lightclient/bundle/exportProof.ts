/** Putting a proof that holds into one piece, as small as asked for. */
import { equalBytes } from '../../wire/bytes.ts';
import type { Validator } from '../../wire/types.ts';
import { hashValidatorSet, sortValidators } from '../../wire/validatorSet.ts';
import { reportResponseCodec } from '../deviceMessages.ts';
import type { DeviceProof } from '../deviceProof.ts';
import type { ProvenBlocks } from '../provenState.ts';
import type { LightBlock } from '../types.ts';
import { compactProof } from './compactProof.ts';
import {
  encodeBundle,
  MAX_BUNDLE_BYTES,
  MAX_LINKS,
  type ProofBundle,
  type RootPart,
  type SignedPart,
} from './format.ts';

/** What is put in besides the header above the state and the proofs under it. */
export interface ExportOptions {
  /**
   * `root`: also the header that you trust and the signatures, for whoever trusts that header's hash, with up to 32
   * headers in between where too many validators changed for one step. `commit`: the signatures, for whoever has
   * followed the chain to a header below. `header`: neither, for whoever trusts the very header above the state.
   * @default the most that there is
   */
  readonly from?: 'root' | 'commit' | 'header' | undefined;
  /** Takes away, first the root and then the signatures, until it fits. @default nothing is taken away */
  readonly maxBytes?: number | undefined;
}

/** The blocks of a proof, and those between them; undefined when these are too many, or a node gave wrong ones. */
export interface LinkedBlocks extends Pick<ProvenBlocks, 'root' | 'block'> {
  readonly links: readonly LightBlock[] | undefined;
}

const LESS = { root: 'commit', commit: 'header', header: undefined } as const;

/** What exports this proof. */
export function exporterOf(
  proof: DeviceProof,
  blocks: LinkedBlocks,
): (options?: ExportOptions) => Uint8Array {
  return (options) => exportProof(proof, blocks, options);
}

/** @throws RangeError when the smallest is longer than `maxBytes`, and for a root that is too far away. */
function exportProof(
  proof: DeviceProof,
  blocks: LinkedBlocks,
  { from = blocks.links ? 'root' : 'commit', maxBytes = MAX_BUNDLE_BYTES }: ExportOptions = {},
): Uint8Array {
  const base = proofsOf(proof);
  const { links } = blocks;
  if (from === 'root' && links === undefined) {
    throw new RangeError(`from: the trusted header is not within ${MAX_LINKS} headers below`);
  }
  const { signedHeader } = blocks.block;
  for (let held: keyof typeof LESS | undefined = from; held !== undefined; held = LESS[held]) {
    const bytes = encodeBundle({
      ...base,
      header: signedHeader.header,
      signed: held === 'header' ? undefined : signedPart(blocks.block),
      root: held === 'root' ? rootPart(blocks) : undefined,
      links: held === 'root' ? links!.map(signedPart) : [],
    });
    if (bytes.length <= maxBytes) return bytes;
  }
  throw new RangeError(`maxBytes: expected more than ${maxBytes} for this proof`);
}

function proofsOf({ served, recordAnswer, batchAnswer }: DeviceProof) {
  const [ofRecord, ofStore] = recordAnswer.proofOps;
  return {
    recordProof: compactProof('iavl', ofRecord!.data),
    record: recordAnswer.value,
    batchProof: compactProof('iavl', batchAnswer.proofOps[0]!.data),
    batch: batchAnswer.value,
    storeProof: compactProof('simple', ofStore!.data),
    report: reportResponseCodec.encode(served).finish(),
  } satisfies Omit<ProofBundle, 'header' | 'signed' | 'root' | 'links'>;
}

function signedPart({ signedHeader, validators, nextValidators }: LightBlock): SignedPart {
  const isSame = isSameSet(validators, nextValidators);
  return { signedHeader, validators, nextValidators: isSame ? undefined : nextValidators };
}

function rootPart({ root, links, block }: LinkedBlocks): RootPart {
  const isSame = isSameSet(root.nextValidators, (links?.[0] ?? block).validators);
  const nextValidators = isSame ? undefined : root.nextValidators;
  return { header: root.signedHeader.header, nextValidators };
}

function isSameSet(a: readonly Validator[], b: readonly Validator[]): boolean {
  return equalBytes(hashValidatorSet(sortValidators(a)), hashValidatorSet(sortValidators(b)));
}
