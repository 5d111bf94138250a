/** Block ids: the hash of a header with the root of the parts that the block travels in. */
import { equalBytes } from './bytes.ts';
import { type MessageShape, ProtoWriter, readFields, uint32Of } from './protobuf.ts';
import { type BlockId, NIL_BLOCK_ID, type PartSetHeader } from './types.ts';

const NO_BYTES = new Uint8Array(0);

const BLOCK_ID_SHAPE: MessageShape = {
  1: { name: 'hash', wireType: 2 },
  2: { name: 'part_set_header', wireType: 2 },
};

const PART_SET_HEADER_SHAPE: MessageShape = {
  1: { name: 'total', wireType: 0 },
  2: { name: 'hash', wireType: 2 },
};

/** A tendermint.types.BlockID. The part-set header is written even when it is empty. */
export function encodeBlockId(blockId: BlockId): Uint8Array {
  return new ProtoWriter()
    .bytes(1, blockId.hash)
    .message(2, encodePartSetHeader(blockId.parts))
    .finish();
}

/** A tendermint.types.PartSetHeader. */
export function encodePartSetHeader(parts: PartSetHeader): Uint8Array {
  return new ProtoWriter().varint(1, parts.total).bytes(2, parts.hash).finish();
}

/** @throws TypeError naming `title` for unknown, repeated or mistyped fields. */
export function decodeBlockId(bytes: Uint8Array, title = 'block_id'): BlockId {
  let hash: Uint8Array = NO_BYTES;
  let parts = NIL_BLOCK_ID.parts;
  for (const field of readFields(bytes, title, BLOCK_ID_SHAPE)) {
    if (field.number === 1) hash = field.bytes;
    else parts = decodePartSetHeader(field.bytes, `${title}.part_set_header`);
  }
  return { hash, parts };
}

function decodePartSetHeader(bytes: Uint8Array, title: string): PartSetHeader {
  let total = 0;
  let hash: Uint8Array = NO_BYTES;
  for (const field of readFields(bytes, title, PART_SET_HEADER_SHAPE)) {
    if (field.number === 1) total = uint32Of(field, `${title}.total`);
    else hash = field.bytes;
  }
  return { total, hash };
}

/** Whether this is the id of no block: a nil vote, or the last block before height 1. */
export function isNilBlockId(blockId: BlockId): boolean {
  const { hash, parts } = blockId;
  return hash.length === 0 && parts.total === 0 && parts.hash.length === 0;
}

/** Whether both name the same block in the same parts. */
export function equalBlockIds(a: BlockId, b: BlockId): boolean {
  return (
    equalBytes(a.hash, b.hash) &&
    a.parts.total === b.parts.total &&
    equalBytes(a.parts.hash, b.parts.hash)
  );
}
