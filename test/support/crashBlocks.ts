/** The blocks that the crash tests run, and their form as text; light, for a process a test loads it. */
import type { FinalizeBlockRequest, InitChainRequest } from '../../chain/abci/types.ts';
import { toHex } from '../../wire/bytes.ts';

/** What a process needs to run the chain: the requests of its driver, and the hashes by height from 1. */
export interface CrashBlocks {
  readonly initChain: InitChainRequest;
  readonly blocks: readonly FinalizeBlockRequest[];
  /** Upper case hex. */
  readonly appHashes: readonly string[];
}

/** Requests as text for another process: bytes as hex and integers with their kind in front. */
export function blocksToText(blocks: CrashBlocks): string {
  return JSON.stringify(blocks, (_, value: unknown) => {
    if (typeof value === 'bigint') return `int:${value}`;
    return value instanceof Uint8Array ? `hex:${toHex(value)}` : value;
  });
}

export function blocksFromText(text: string): CrashBlocks {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (value.startsWith('int:')) return BigInt(value.slice(4));
    return value.startsWith('hex:') ? new Uint8Array(Buffer.from(value.slice(4), 'hex')) : value;
  }) as CrashBlocks;
}
