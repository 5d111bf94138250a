import assert from 'node:assert/strict';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { fastSha256, wasmSha256 } from './fastSha256.ts';

const messageOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff);

describe('fast SHA-256', () => {
  it('gives the digests of noble for every short length, one after another', () => {
    const short = wasmSha256();
    const down = Array.from({ length: 201 }, (_, i) => 200 - i);
    for (const length of [...down, ...down.toReversed()]) {
      const message = messageOf(length);
      assert.deepEqual(short(message), sha256(message), `${length} bytes`);
    }
  });

  it('gives the digests of noble before and after it has its own code', () => {
    const fast = fastSha256();
    for (let i = 0; i < 2_100; i++) {
      const message = messageOf(i % 260);
      assert.deepEqual(fast(message), sha256(message), `message ${i}`);
    }
  });

  it('gives the digests of noble for any bytes', () => {
    const short = wasmSha256();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        assert.deepEqual(short(message), sha256(message));
      }),
    );
  });

  it('gives arrays of their own, and leaves the message as it is', () => {
    const short = wasmSha256();
    const message = messageOf(64);
    const first = short(message);
    const before = first.slice();
    short(messageOf(65));
    assert.deepEqual(first, before);
    assert.deepEqual(message, messageOf(64));
    assert.equal(first.buffer.byteLength, 32);
  });
});
