import assert from 'node:assert/strict';
import { storedBytes } from './loadKernels.ts';
import { STORED_KERNELS } from './storedKernels.ts';
import { writtenKernels } from './writeKernels.ts';

describe('stored kernels', () => {
  it('are what is written: `npm run gen` stores them', () => {
    const written = writtenKernels();
    assert.deepEqual(Object.keys(written).sort(), Object.keys(STORED_KERNELS).sort());
    for (const [name, bytes] of Object.entries(written)) {
      const before = storedBytes(STORED_KERNELS[name as keyof typeof STORED_KERNELS]);
      assert.ok(Buffer.from(bytes).equals(before), `${name} is another one`);
    }
  });
});
