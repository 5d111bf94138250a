import assert from 'node:assert/strict';
import { toHex } from '../../wire/bytes.ts';
import { BufferedStore } from './bufferedStore.ts';
import type { KVStore } from './kvStore.ts';
import { Tree } from './testing/tree.ts';

/** A parent that tells which keys it was asked for. */
function listening(): { readonly asked: readonly string[]; readonly parent: KVStore } {
  const asked: string[] = [];
  const tree = new Tree(() => assert.fail('nothing is saved'));
  const parent: KVStore = {
    get(key) {
      asked.push(toHex(key));
      return tree.get(key);
    },
    has: (key) => tree.has(key),
    iterate: (range) => tree.iterate(range),
    set: (key, value) => tree.set(key, value),
    delete: (key) => tree.delete(key),
  };
  return { asked, parent };
}

describe('a buffer that was written', () => {
  it('knows what it wrote, and lends it to nobody twice', () => {
    const { asked, parent } = listening();
    const buffer = new BufferedStore(parent);
    const [short, long, gone] = [1, 2, 3].map((byte) => Uint8Array.of(byte)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    buffer.set(short, Uint8Array.of(7));
    buffer.set(long, new Uint8Array(1000));
    buffer.delete(gone);
    buffer.write();
    buffer.get(short)![0] = 8;
    buffer.write();
    assert.deepEqual(buffer.get(short), Uint8Array.of(7));
    assert.deepEqual(buffer.get(long), new Uint8Array(1000));
    assert.equal(buffer.get(gone), undefined);
    assert.deepEqual(asked, ['02'], 'long values are not kept');
  });

  it('forgets keys that were not used lately when they are many times those that were', () => {
    const { asked, parent } = listening();
    const buffer = new BufferedStore(parent);
    const keyOf = (i: number): Uint8Array => Uint8Array.of(i >> 8, i & 255);
    for (let i = 0; i < 3000; i++) buffer.set(keyOf(i), Uint8Array.of(1));
    buffer.write();
    buffer.get(keyOf(7));
    assert.deepEqual(asked, []);
    buffer.write();
    buffer.get(keyOf(7));
    assert.deepEqual(asked, []);
    assert.deepEqual(buffer.get(keyOf(8)), Uint8Array.of(1));
    assert.deepEqual(asked, ['0008']);
  });
});
