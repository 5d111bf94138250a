import { CHUNK_HEADER_BYTES, NODE_IMAGE_BYTES, VALUE_LENGTH_BYTES } from './imageLayout.ts';

/** A chunk of nodes whose outer lengths fit. */
export interface ImagePart {
  readonly chunk: Uint8Array;
  /** The words of the chunk. */
  readonly words: Int32Array;
  readonly nodes: number;
  readonly leaves: number;
  /** Where the hashes, the lengths of values and the blocks begin, in bytes. */
  readonly hashes: number;
  readonly lengths: number;
  readonly blocks: number;
}

/** @throws TypeError when the numbers of nodes and leaves do not fit into the chunk. */
export function readPart(chunk: Uint8Array): ImagePart {
  if (chunk.length < CHUNK_HEADER_BYTES) {
    throw new TypeError(`image chunk: expected a header, got ${chunk.length} bytes`);
  }
  const fields = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const nodes = fields.getUint32(0, true);
  const leaves = fields.getUint32(4, true);
  const hashes = CHUNK_HEADER_BYTES + 8 * nodes;
  const lengths = CHUNK_HEADER_BYTES + NODE_IMAGE_BYTES * nodes;
  const blocks = lengths + VALUE_LENGTH_BYTES * leaves;
  if (nodes === 0 || leaves > nodes || blocks > chunk.length || (chunk.length - blocks) % 8 > 0) {
    throw new TypeError(
      `image chunk: ${nodes} nodes and ${leaves} leaves do not fit into ${chunk.length} bytes`,
    );
  }
  return { chunk, words: wordsOf(chunk), nodes, leaves, hashes, lengths, blocks };
}

/** Words begin at multiples of four; all lengths in a chunk are such. */
function wordsOf(chunk: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = chunk.byteOffset % 4 === 0 ? chunk : chunk.slice();
  return new Int32Array(buffer, byteOffset, length / 4);
}
