import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { concatBytes, toHex, toUtf8 } from './bytes.ts';
import { sha256, sha256OfParts, useSha256 } from './hash.ts';

const fromNode = (message: Uint8Array): Uint8Array =>
  new Uint8Array(hash('sha256', message, 'buffer'));

describe('sha256', () => {
  after(() => useSha256(noble));

  it('is that of FIPS 180-4', () => {
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(toHex(sha256(toUtf8('abc'))), expected);
  });

  it('is another one once that is put in its place', () => {
    let asked = 0;
    useSha256((message) => {
      asked += 1;
      return fromNode(message);
    });
    const before = asked;
    assert.deepEqual(sha256(toUtf8('abc')), noble(toUtf8('abc')));
    assert.equal(asked, before + 1);
  });

  it('stays what it is when the other one is wrong anywhere', () => {
    useSha256(fromNode);
    for (const wrong of [
      () => new Uint8Array(32),
      (message: Uint8Array) => fromNode(message).subarray(1),
      (message: Uint8Array) => fromNode(message.length === 56 ? message.subarray(1) : message),
    ]) {
      assert.throws(() => useSha256(wrong), /sha256: another digest than noble's for \d+ bytes/);
      assert.deepEqual(sha256(toUtf8('abc')), noble(toUtf8('abc')));
    }
  });

  it('of parts is that of all of them, whatever was hashed before', () => {
    for (const hash of [noble, fromNode]) {
      useSha256(hash);
      for (const length of [140, 129, 128, 127, 70, 64, 1, 0, 128]) {
        const bytes = Uint8Array.from({ length }, (_, index) => index + length);
        for (const at of [0, length >> 1, length]) {
          const parts = [bytes.subarray(0, at), bytes.subarray(at), new Uint8Array(0)];
          assert.deepEqual(sha256OfParts(...parts), noble(concatBytes(...parts)));
        }
      }
    }
  });
});
