/** What a prefix must hold beyond its length, so that no leaf passes for an inner node or the reverse. */
import { HASH_OP } from './ops.ts';
import { ProofError, shown } from './proofError.ts';
import type { InnerOp, LeafOp } from './types.ts';

const MAX_VARINT_BYTES = 10;
/** What an IAVL prefix begins with. */
const IAVL_NUMBERS = ['height', 'size', 'version'] as const;
/** So many fit into a small integer; longer ones are read as bigint. */
const SHORT_BYTES = 4;
const MAX_UINT64 = (1n << 64n) - 1n;
/** After the numbers an inner prefix holds a child's length byte alone, or a left child and that byte. */
const IAVL_REMAINDERS: readonly number[] = [1, 34];

/** An IAVL leaf prefix holds height, size and version, each a zigzag varint, and nothing else. */
export function checkIavlLeafPrefix(leaf: LeafOp): void {
  const { remainder } = readIavlNumbers(leaf.prefix, 'leafPrefix');
  if (remainder !== 0) {
    throw new ProofError('leafPrefix', `${remainder} more bytes`, 'height, size and version only');
  }
}

/**
 * An IAVL inner prefix holds height, size and version, then at most one child. The height is at
 * least the number of the step, counted from 1 at the leaf: a node is higher than its children.
 */
export function checkIavlInnerPrefix(step: InnerOp, layer: number): void {
  const { height, remainder } = readIavlNumbers(step.prefix, 'innerPrefix');
  if (height < layer) {
    throw new ProofError('innerPrefix', `height ${height}`, `at least ${layer}`);
  }
  if (!IAVL_REMAINDERS.includes(remainder)) {
    throw new ProofError('innerPrefix', `${remainder} bytes after the numbers`, '1 or 34 bytes');
  }
  if (step.hash !== HASH_OP.sha256) {
    throw new ProofError('innerOp', `hash op ${step.hash}`, `hash op ${HASH_OP.sha256}`);
  }
}

/** Inner nodes of RFC 6962 start with 0x01. */
export function checkTendermintInnerPrefix(step: InnerOp): void {
  if (step.prefix[0] !== 1) {
    throw new ProofError('innerPrefix', shown(step.prefix), 'a prefix that starts with 01');
  }
}

function readIavlNumbers(
  prefix: Uint8Array,
  reason: 'leafPrefix' | 'innerPrefix',
): { height: number | bigint; remainder: number } {
  let offset = 0;
  let height: number | bigint = 0;
  for (const title of IAVL_NUMBERS) {
    const read = readZigzag(prefix, offset);
    if (read === undefined || read.value < 0) {
      throw new ProofError(reason, shown(prefix), `a ${title} of 0 or more at byte ${offset}`);
    }
    if (title === 'height') height = read.value;
    offset = read.end;
  }
  return { height, remainder: prefix.length - offset };
}

function readZigzag(
  bytes: Uint8Array,
  offset: number,
): { value: number | bigint; end: number } | undefined {
  let short = 0;
  for (let i = 0; i < SHORT_BYTES; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) return undefined;
    short |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      return { value: (short >>> 1) ^ -(short & 1), end: offset + i + 1 };
    }
  }
  let value = 0n;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (value > MAX_UINT64) return undefined;
    if (byte < 0x80) return { value: (value >> 1n) ^ -(value & 1n), end: offset + i + 1 };
  }
  return undefined;
}
