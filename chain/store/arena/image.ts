import type { Arena } from './arena.ts';
import type { ArenaView, ViewSource } from './arenaView.ts';
import { keyBlockBytes, valueBlockBytes } from './blocks.ts';
import {
  CHUNK_HEADER_BYTES,
  CHUNK_TARGET_BYTES,
  HEADER_BYTES,
  IMAGE_LAYOUT,
  IMAGE_MAGIC,
  NODE_IMAGE_BYTES,
  VALUE_LENGTH_BYTES,
} from './imageLayout.ts';
import {
  HASH,
  HASH_BYTES,
  KEY,
  KEY_BYTES,
  KEY_HEADER_BYTES,
  SHAPE,
  TWO_32,
  VALUE,
  VALUE_BYTES,
  VERSION_LOW,
} from './layout.ts';
import { copyRange } from './memoryBytes.ts';
import { heightOf } from './nodes.ts';
import { PostOrder } from './postOrder.ts';

/**
 * The image of a saved version, chunk by chunk, of about 256 KiB each; the layout is in imageLayout.ts. Later versions may
 * be made between two chunks. @throws VersionError when the version is released meanwhile.
 */
export function* imageOf(view: ArenaView): Generator<Uint8Array, void, undefined> {
  yield headerOf(view);
  const source = view.nodes();
  const order = new PostOrder(source);
  for (let part = takePart(source, order); part.nodes.length > 0; part = takePart(source, order)) {
    yield chunkOf(source.arena, part);
  }
}

function headerOf(view: ArenaView): Uint8Array {
  const chunk = new Uint8Array(HEADER_BYTES);
  const fields = new DataView(chunk.buffer);
  fields.setUint32(0, IMAGE_MAGIC, true);
  fields.setUint32(4, IMAGE_LAYOUT, true);
  fields.setUint32(8, view.version % TWO_32, true);
  fields.setUint32(12, Math.floor(view.version / TWO_32), true);
  fields.setUint32(16, Math.max(0, 2 * view.size - 1), true);
  chunk.set(view.rootHash, 24);
  return chunk;
}

/** The nodes of one chunk. */
interface Part {
  readonly nodes: readonly number[];
  readonly leaves: readonly number[];
  readonly bytes: number;
}

function takePart({ arena }: ViewSource, order: PostOrder): Part {
  const { words } = arena;
  const nodes: number[] = [];
  const leaves: number[] = [];
  let bytes = CHUNK_HEADER_BYTES;
  while (bytes < CHUNK_TARGET_BYTES) {
    const node = order.next();
    if (node === 0) break;
    nodes.push(node);
    bytes += NODE_IMAGE_BYTES;
    if (heightOf(words, node) > 0) continue;
    leaves.push(node);
    bytes += VALUE_LENGTH_BYTES + keyBlockBytes(words[words[node + KEY]! + KEY_BYTES]!);
    bytes += valueBlockBytes(words[node + VALUE_BYTES]!);
  }
  return { nodes, leaves, bytes };
}

function chunkOf(arena: Arena, { nodes, leaves, bytes }: Part): Uint8Array {
  const { words } = arena;
  const chunk = new Uint8Array(bytes);
  const fields = new DataView(chunk.buffer);
  fields.setUint32(0, nodes.length, true);
  fields.setUint32(4, leaves.length, true);
  let shape = CHUNK_HEADER_BYTES;
  let hash = shape + 8 * nodes.length;
  for (const node of nodes) {
    fields.setInt32(shape, words[node + VERSION_LOW]!, true);
    fields.setInt32(shape + 4, words[node + SHAPE]!, true);
    copyRange(chunk, hash, { of: arena.bytes, from: (node + HASH) * 4, length: HASH_BYTES });
    shape += 8;
    hash += HASH_BYTES;
  }
  writeLeaves(arena, leaves, { chunk, fields, start: hash });
  return chunk;
}

function writeLeaves(
  arena: Arena,
  leaves: readonly number[],
  { chunk, fields, start }: { chunk: Uint8Array; fields: DataView; start: number },
): void {
  const { words, bytes } = arena;
  let block = start + VALUE_LENGTH_BYTES * leaves.length;
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i]!;
    const key = words[leaf + KEY]!;
    const keyBytes = words[key + KEY_BYTES]!;
    const valueBytes = words[leaf + VALUE_BYTES]!;
    fields.setUint32(start + VALUE_LENGTH_BYTES * i, valueBytes, true);
    fields.setUint32(block, 1, true);
    fields.setUint32(block + 4, keyBytes, true);
    const keyContent = { of: bytes, from: key * 4 + KEY_HEADER_BYTES, length: keyBytes };
    copyRange(chunk, block + KEY_HEADER_BYTES, keyContent);
    block += keyBlockBytes(keyBytes);
    copyRange(chunk, block, { of: bytes, from: words[leaf + VALUE]! * 4, length: valueBytes });
    block += valueBlockBytes(valueBytes);
  }
}
