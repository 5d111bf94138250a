/** Heights: of blocks, and of what is asked for. */
import type { LightBlock } from './types.ts';

/** The height of a block. */
export function heightOf(block: LightBlock): bigint {
  return block.signedHeader.header.height;
}

/** Nodes that are asked for what is no height look like liars. @throws RangeError for all but 1 to 2^63 - 1. */
export function checkHeight(height: bigint): void {
  if (typeof height === 'bigint' && height >= 1n && height < 1n << 63n) return;
  throw new RangeError(`height: expected 1n to 2n ** 63n - 1n, got ${height}`);
}
