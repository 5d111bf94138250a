import assert from 'node:assert/strict';
import { notStored } from '../../wasm/storedWasm.ts';
import { STORED_KERNELS } from './storedKernels.ts';
import { writtenKernels } from './writeKernels.ts';

describe('stored kernels', () => {
  it('are what is written: `npm run gen` stores them', () => {
    assert.deepEqual(notStored(STORED_KERNELS, writtenKernels()), []);
  });
});
