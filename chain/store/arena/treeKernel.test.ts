import assert from 'node:assert/strict';
import { notStored } from '../../wasm/storedWasm.ts';
import { STORED_TREE_KERNEL } from './storedTreeKernel.ts';
import { writtenTreeKernel } from './writeTreeKernel.ts';

describe('the stored kernel of trees', () => {
  it('is what is written: `npm run gen` stores it', () => {
    assert.deepEqual(notStored(STORED_TREE_KERNEL, writtenTreeKernel()), []);
    assert.deepEqual(notStored(STORED_TREE_KERNEL, { tree: new Uint8Array(8) }), ['tree']);
    assert.deepEqual(notStored({}, writtenTreeKernel()), ['tree']);
  });
});
