/** SHA-256 of one message as fast as Node allows: the shortest ones in WebAssembly, since a call of OpenSSL takes 0.5 µs. */
import { instantiate, newMemory } from '../wasm/webAssembly.ts';
import { loadSha256 } from './kernels/loadKernels.ts';
import { sha256 as openSslSha256 } from './loadBackend.ts';

type Hash = (message: Uint8Array) => Uint8Array;

const BLOCK_BYTES = 64;
/** The end of the padding: a bit, and the length in 8 bytes. */
const TRAILER_BYTES = 9;
const DIGEST_BYTES = 32;
/** What fits into one block; longer messages are faster with the instructions that OpenSSL uses. */
const MAX_SHORT = BLOCK_BYTES - TRAILER_BYTES;
/** Making the code takes as long as it saves on so many messages and more: short programs do without. */
const MESSAGES_BEFORE = 2_000;
/** Behind the longest padded message. */
const DIGEST_AT = 256;

/**
 * A SHA-256 whose digests are arrays of their own: OpenSSL's at first, and always for long messages and where
 * WebAssembly is missing.
 */
export function fastSha256(): Hash {
  let messages = 0;
  let short: Hash = (message) => {
    messages += 1;
    if (messages > MESSAGES_BEFORE) short = wasmOr(openSslSha256);
    return openSslSha256(message);
  };
  return (message) => (message.length > MAX_SHORT ? openSslSha256(message) : short(message));
}

function wasmOr(other: Hash): Hash {
  try {
    return wasmSha256();
  } catch {
    return other;
  }
}

/** For messages of up to 200 bytes. @throws Error where WebAssembly is missing. */
export function wasmSha256(): Hash {
  const memory = newMemory(1, 1);
  const compute = instantiate(loadSha256(), memory)('sha256');
  const bytes = new Uint8Array(memory.buffer);
  return (message) => {
    const { length } = message;
    const blocks = Math.ceil((length + TRAILER_BYTES) / BLOCK_BYTES);
    const end = blocks * BLOCK_BYTES;
    bytes.set(message);
    bytes[length] = 0x80;
    bytes.fill(0, length + 1, end - 2);
    bytes[end - 2] = length >> 5;
    bytes[end - 1] = length << 3;
    compute(0, blocks, DIGEST_AT);
    return bytes.slice(DIGEST_AT, DIGEST_AT + DIGEST_BYTES);
  };
}
