/**
 * Where two nodes part: the headers that one node led along are asked of the other, and each is verified from the
 * last on which both agreed (CometBFT light/detector.go, examineConflictingHeaderAgainstTrace).
 */
import { equalBytes } from '../../wire/bytes.ts';
import { hashHeader } from '../../wire/header.ts';
import { fetchBlockAt } from '../fetchLightBlock.ts';
import { heightOf } from '../height.ts';
import type { Provider } from '../provider.ts';
import { type SyncOptions, skipTo, trustedStart } from '../sync.ts';
import { refusalText } from '../trail.ts';
import type { LightBlock } from '../types.ts';

/** The first block of the trace that the source does not share, and how the source leads past it. */
export interface ForkFound {
  readonly ok: true;
  /** Of the trace. */
  readonly diverging: LightBlock;
  /** From the last common block to the source's own. */
  readonly sourceTrace: readonly LightBlock[];
}

/** Why the source cannot show its block to be signed. */
export interface NoFork {
  readonly ok: false;
  readonly why: string;
}

/** What the source shows, and who it is. */
export interface OtherSide {
  readonly target: LightBlock;
  readonly source: Provider;
}

/**
 * Walks along the trace, whose last block is not below the target, until the source has another block.
 * @throws ProviderError when the source does not serve what is needed.
 */
export async function findFork(
  trace: readonly LightBlock[],
  { target, source }: OtherSide,
  options: Omit<SyncOptions, 'provider'>,
): Promise<ForkFound | NoFork> {
  const [first, ...rest] = trace;
  if (first === undefined || heightOf(target) < heightOf(first)) {
    return { ok: false, why: 'its block lies below the last common one' };
  }
  let common = await blockAt(heightOf(first), { target, source });
  if (!isSameBlock(common, first)) return { ok: false, why: 'it denies the trusted header' };
  let sourceTrace: readonly LightBlock[] = [common];
  for (const diverging of rest) {
    const isBeyond = heightOf(diverging) > heightOf(target);
    if (isBeyond && diverging.signedHeader.header.time > target.signedHeader.header.time) {
      return { ok: false, why: 'it is behind, and its time is too' };
    }
    const own = isBeyond ? target : await blockAt(heightOf(diverging), { target, source });
    if (heightOf(own) > heightOf(common)) {
      const reached = await lead(common, own, { ...options, provider: source });
      if (!reached.ok) return reached;
      sourceTrace = reached.trace;
    }
    if (isBeyond || !isSameBlock(own, diverging)) return { ok: true, diverging, sourceTrace };
    common = own;
  }
  return { ok: false, why: 'it shows no other block' };
}

/** Whether two blocks have the same header. */
export function isSameBlock(a: LightBlock, b: LightBlock): boolean {
  return equalBytes(hashHeader(a.signedHeader.header), hashHeader(b.signedHeader.header));
}

async function blockAt(height: bigint, { target, source }: OtherSide): Promise<LightBlock> {
  return height === heightOf(target) ? target : fetchBlockAt(source, height);
}

async function lead(
  block: LightBlock,
  target: LightBlock,
  options: SyncOptions,
): Promise<{ readonly ok: true; readonly trace: readonly LightBlock[] } | NoFork> {
  const result = await skipTo(trustedStart(block), options, target);
  if (result.ok) return result;
  const why = `it cannot show its header at height ${result.height} to be signed`;
  return { ok: false, why: `${why}: ${refusalText(result)}` };
}
