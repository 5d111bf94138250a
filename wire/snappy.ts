/** Reading Snappy's block format (google/snappy, format_description.txt), in which LevelDB may keep blocks. */

const LITERAL = 0;
/** Literals up to this length have it in their tag; longer ones in one to four bytes behind. */
const LONGEST_SHORT_LITERAL = 60;

/** Where it reads, and what it has written. */
interface Progress {
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  at: number;
  written: number;
}

/**
 * What was compressed.
 * @param limit the largest length that is taken
 * @throws TypeError when the bytes are no such block, or it is longer than the limit.
 */
export function uncompress(input: Uint8Array, limit: number): Uint8Array {
  const { length, next } = readLength(input);
  if (length > limit) throw new TypeError(`snappy: expected at most ${limit} bytes, got ${length}`);
  const progress: Progress = { input, output: new Uint8Array(length), at: next, written: 0 };
  while (progress.at < input.length) readElement(progress);
  if (progress.written === length) return progress.output;
  throw new TypeError(`snappy: expected ${length} bytes, got ${progress.written}`);
}

function readLength(input: Uint8Array): { readonly length: number; readonly next: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = byteAt(input, at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, next: at + 1 };
  }
  throw new TypeError('snappy: expected a length of at most five bytes');
}

function readElement(progress: Progress): void {
  const { input } = progress;
  const tag = byteAt(input, progress.at++);
  const kind = tag & 3;
  if (kind === LITERAL) {
    const short = (tag >>> 2) + 1;
    const extra = short - LONGEST_SHORT_LITERAL;
    appendLiteral(progress, extra > 0 ? littleEndian(progress, extra) + 1 : short);
    return;
  }
  if (kind === 1) {
    const offset = ((tag >>> 5) << 8) | byteAt(input, progress.at++);
    appendCopy(progress, offset, ((tag >>> 2) & 7) + 4);
    return;
  }
  appendCopy(progress, littleEndian(progress, kind === 2 ? 2 : 4), (tag >>> 2) + 1);
}

function appendLiteral(progress: Progress, length: number): void {
  const { input, output, at, written } = progress;
  if (at + length > input.length || written + length > output.length) throw overrun();
  output.set(input.subarray(at, at + length), written);
  progress.at += length;
  progress.written += length;
}

/** A copy may reach into what it writes itself. */
function appendCopy(progress: Progress, offset: number, length: number): void {
  const { output, written } = progress;
  if (offset === 0 || offset > written || written + length > output.length) throw overrun();
  for (let i = written; i < written + length; i++) output[i] = output[i - offset]!;
  progress.written += length;
}

function littleEndian(progress: Progress, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value += byteAt(progress.input, progress.at++) * 2 ** (8 * i);
  return value;
}

function byteAt(input: Uint8Array, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw overrun();
  return byte;
}

const overrun = (): TypeError => new TypeError('snappy: an element reaches beyond its block');
