/** Block ids: the hash of a header with the root of the parts that the block travels in. */
import { equalBytes } from './bytes.ts';
import { messageCodec } from './messageCodec.ts';
import { ProtoWriter } from './protobuf.ts';
import { type BlockId, NIL_BLOCK_ID, type PartSetHeader } from './types.ts';

/** A BlockID, in which the part-set header may be missing. */
export interface BlockIdMessage {
  readonly hash: Uint8Array;
  readonly parts: PartSetHeader | undefined;
}

/** Of a `BlockIdMessage`. */
export const blockIdCodec = /* @__PURE__ */ makeBlockIdCodec();

function makeBlockIdCodec() {
  const parts = messageCodec<PartSetHeader>('part_set_header', { total: 'uint32', hash: 'bytes' });
  return messageCodec<BlockIdMessage>('block_id', { hash: 'bytes', parts });
}

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

/** @throws TypeError for unknown, repeated or mistyped fields. */
export function decodeBlockId(bytes: Uint8Array): BlockId {
  return blockIdOfMessage(blockIdCodec.decode(bytes));
}

/** The id that a message stands for. */
export function blockIdOfMessage({ hash, parts }: BlockIdMessage): BlockId {
  return { hash, parts: parts ?? NIL_BLOCK_ID.parts };
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
