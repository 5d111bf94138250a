/**
 * An image: all trees of one version in one file, so that a restart need not begin at the first block.
 * The file is a row of frames: kind (1 byte), length (4 bytes, big endian), CRC-32 over the frame's place in the row,
 * its kind and its content (4 bytes), content. First a header, then of each store a title and the chunks of
 * its tree, then an end. What the file must be in length and checksum stands in a record of Level.
 */
import { crc32 } from 'node:zlib';
import { equalBytes, fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import type { SavedTree } from './arena/contract.ts';
import { ByteReader } from './byteReader.ts';
import { ByteWriter } from './byteWriter.ts';
import { MAX_STORES, type StoreHash } from './commitInfo.ts';
import type { StateTrees, TreeKind, Trees } from './stateTree.ts';

const MARK = toUtf8('depind state image 1');
const FRAME_BYTES = 9;
const HASH_BYTES = 32;
const KIND = { header: 1, store: 2, chunk: 3, end: 4 } as const;

/** What is on record of an image: whether a file is the one that was written. */
export interface ImageSeal {
  readonly bytes: number;
  /** CRC-32 over the checksums of all frames. */
  readonly checksum: number;
}

/** Bytes of a file, read in order. */
export interface ImageSource {
  readonly size: number;
  /** The next bytes; fewer at the end. They may be overwritten by the next read. */
  read(length: number): Uint8Array;
  close(): void;
}

class FrameWriter {
  #place = 0;
  bytes = 0;
  checksum = 0;

  frame(kind: number, content: Uint8Array): Uint8Array {
    const frame = new Uint8Array(FRAME_BYTES + content.length);
    const view = new DataView(frame.buffer);
    view.setUint8(0, kind);
    view.setUint32(1, content.length);
    const checksum = frameChecksum(this.#place++, kind, content);
    view.setUint32(5, checksum);
    frame.set(content, FRAME_BYTES);
    this.bytes += frame.length;
    this.checksum = chained(this.checksum, checksum);
    return frame;
  }
}

/** Each use leaves it empty. */
const numbers = new ByteWriter();

/** A frame in the place of another, or of another kind, has another checksum. */
function frameChecksum(place: number, kind: number, content: Uint8Array): number {
  return crc32(content, numbers.unsigned(place).unsigned(kind).use(crc32Of));
}

function chained(checksum: number, next: number): number {
  return numbers.unsigned(next).use((bytes) => crc32(bytes, checksum));
}

const crc32Of = (bytes: Uint8Array): number => crc32(bytes);

/** What an image is made of. */
export interface ImageContent {
  readonly kind: TreeKind;
  readonly version: number;
  readonly views: ReadonlyMap<string, SavedTree>;
}

/** The bytes of an image, part by part; gives its seal at the end. */
export function* writeImage({
  kind,
  version,
  views,
}: ImageContent): Generator<Uint8Array, ImageSeal, undefined> {
  const writer = new FrameWriter();
  const scratch = new ByteWriter();
  yield writer.frame(KIND.header, scratch.raw(MARK).unsigned(version).unsigned(views.size).take());
  for (const [name, view] of views) {
    yield writer.frame(KIND.store, scratch.bytes(toUtf8(name)).raw(view.rootHash).take());
    for (const chunk of kind.imageOf(view)) yield writer.frame(KIND.chunk, chunk);
  }
  yield writer.frame(KIND.end, new Uint8Array(0));
  return { bytes: writer.bytes, checksum: writer.checksum };
}

interface Frame {
  readonly kind: number;
  readonly content: Uint8Array;
}

class FrameReader {
  readonly #source: ImageSource;
  #place = 0;
  #left: number;
  #ahead: Frame | undefined;
  checksum = 0;

  constructor(source: ImageSource) {
    this.#source = source;
    this.#left = source.size;
  }

  /** The next frame, which stays the next one. */
  peek(): Frame {
    this.#ahead ??= this.#read();
    return this.#ahead;
  }

  take(kind: number): Uint8Array {
    const frame = this.peek();
    if (frame.kind !== kind) {
      throw new TypeError(`frame ${this.#place - 1} is of kind ${frame.kind}, expected ${kind}`);
    }
    this.#ahead = undefined;
    return frame.content;
  }

  *chunks(): Generator<Uint8Array, void, undefined> {
    while (this.peek().kind === KIND.chunk) yield this.take(KIND.chunk);
  }

  #read(): Frame {
    const head = this.#take(FRAME_BYTES);
    const view = new DataView(head.buffer, head.byteOffset);
    const kind = view.getUint8(0);
    const checksum = view.getUint32(5);
    const content = this.#take(view.getUint32(1));
    if (frameChecksum(this.#place, kind, content) !== checksum) {
      throw new TypeError(`frame ${this.#place} does not fit its checksum`);
    }
    this.#place++;
    this.checksum = chained(this.checksum, checksum);
    return { kind, content };
  }

  /** Lengths are checked against what the file still has before anything is reserved for them. */
  #take(length: number): Uint8Array {
    const bytes = length > this.#left ? new Uint8Array(0) : this.#source.read(length);
    if (bytes.length !== length) throw new TypeError(`frame ${this.#place} is cut short`);
    this.#left -= length;
    return bytes;
  }
}

/** What an image must be. */
export interface ImageExpectation {
  readonly kind: TreeKind;
  readonly version: number;
  readonly seal: ImageSeal;
  /** The stores and roots on record for the version. */
  readonly stores: readonly StoreHash[];
}

/** The trees of an image. @throws TypeError saying where the file is not what it must be. */
export function readImage(source: ImageSource, expected: ImageExpectation): StateTrees {
  const { seal, stores, version, kind } = expected;
  if (source.size !== seal.bytes) {
    throw new TypeError(`it has ${source.size} bytes, expected ${seal.bytes}`);
  }
  const frames = new FrameReader(source);
  checkHeader(frames.take(KIND.header), version, stores.length);
  const trees: Trees = new Map();
  const space = kind.space();
  for (const store of stores) {
    checkTitle(frames.take(KIND.store), store);
    const tree = space.fromImage(frames.chunks(), seal.bytes);
    if (tree.version !== version || !equalBytes(tree.view(version).rootHash, store.hash)) {
      throw new TypeError(`the tree of store ${store.name} is not that of its version`);
    }
    trees.set(store.name, tree);
  }
  frames.take(KIND.end);
  if (frames.checksum !== seal.checksum) throw new TypeError('its frames are not those on record');
  return { space, trees };
}

function checkHeader(content: Uint8Array, version: number, stores: number): void {
  const reader = new ByteReader(content, 'header of the image');
  if (!equalBytes(reader.take(MARK.length), MARK)) throw reader.fail('it is of another format');
  const found = { version: reader.unsigned(), stores: reader.unsigned() };
  reader.end();
  if (found.version === version && found.stores === stores && stores <= MAX_STORES) return;
  throw reader.fail(
    `version ${found.version} with ${found.stores} stores, expected ${version} with ${stores}`,
  );
}

function checkTitle(content: Uint8Array, expected: StoreHash): void {
  const reader = new ByteReader(content, 'title of a store');
  const name = fromUtf8(reader.bytes(), 'store name');
  const hash = reader.take(HASH_BYTES);
  reader.end();
  if (name === expected.name && equalBytes(hash, expected.hash)) return;
  throw reader.fail(`store ${name} is not ${expected.name} with the root of its version`);
}
