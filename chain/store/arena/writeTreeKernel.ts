/** Writes storedTreeKernel.ts: `npm run gen`. To write the code takes 12 ms of a cold program, to read it less than one. */
import { writeStored } from '../../wasm/storedWasm.ts';
import { STORED_TREE_KERNEL } from './storedTreeKernel.ts';
import { treeKernel } from './treeKernel.ts';

/** What must be stored. */
export const writtenTreeKernel = (): Readonly<
  Record<keyof typeof STORED_TREE_KERNEL, Uint8Array>
> => ({
  tree: treeKernel(),
});

/** Stores it when it has changed. */
export function writeTreeKernel(): void {
  const file = new URL('./storedTreeKernel.ts', import.meta.url);
  const stored = { file, writer: 'writeTreeKernel.ts', constant: 'STORED_TREE_KERNEL' };
  writeStored({ ...stored, texts: STORED_TREE_KERNEL }, writtenTreeKernel());
}
