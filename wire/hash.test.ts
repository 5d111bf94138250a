import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { toHex, toUtf8 } from './bytes.ts';
import { sha256, useSha256 } from './hash.ts';

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
});
