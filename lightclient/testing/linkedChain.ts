/** Chains for tests whose headers hold the hashes of those before, as real ones do. */
import { sha256 } from '../../wire/hash.ts';
import { hashHeader } from '../../wire/header.ts';
import type { Header } from '../../wire/types.ts';
import type { LightBlock } from '../types.ts';
import { makeBlock, type Signer } from './chain.ts';

/** What the chain to make looks like. */
export interface ChainPlan {
  readonly length: number;
  readonly signersAt: (height: number) => readonly Signer[];
  readonly headerAt?: (height: number) => Partial<Header>;
}

/** Blocks from height 1 on. */
export function linkedChain({ length, signersAt, headerAt }: ChainPlan): LightBlock[] {
  const blocks: LightBlock[] = [];
  for (let height = 1; height <= length; height++) {
    const before = blocks.at(-1)?.signedHeader.header;
    const hash = before === undefined ? undefined : hashHeader(before);
    const link = hash && { lastBlockId: { hash, parts: { total: 1, hash: sha256(hash) } } };
    const header = { ...link, ...headerAt?.(height) };
    const signers = { signers: signersAt(height), nextSigners: signersAt(height + 1) };
    blocks.push(makeBlock({ height: BigInt(height), ...signers, header }));
  }
  return blocks;
}
