import assert from 'node:assert/strict';
import { decodeRecord, encodeRecord } from './records.ts';

describe('a record', () => {
  it('keeps bigints and bytes, and what an object of a class says that it stands for', () => {
    class Made {
      readonly secret = 1;
      toJSON() {
        return { gas: 7n, bytes: Uint8Array.of(1, 2), list: [{ at: 2n ** 64n }] };
      }
    }
    assert.deepEqual(decodeRecord(encodeRecord({ made: new Made(), none: null, text: 'a' })), {
      made: { gas: 7n, bytes: Uint8Array.of(1, 2), list: [{ at: 2n ** 64n }] },
      none: null,
      text: 'a',
    });
  });
});
