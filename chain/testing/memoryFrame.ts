/** A frame on empty stores in memory, for tests of what runs in one. */
import { nobleVerifier } from '../../wire/signature.ts';
import { addressesOf } from '../module/addresses.ts';
import { type Frame, rootFrame } from '../module/frame.ts';
import { BufferedStore } from '../store/bufferedStore.ts';
import { EMPTY_STORE } from '../store/emptyStore.ts';

/** Height 1 of the chain depin-test-1; what is written stays in the frame. */
export function memoryFrame(): Frame {
  const stores = new Map<string, BufferedStore>();
  const addresses = addressesOf('depin');
  return rootFrame({
    environment: { addresses, verifier: nobleVerifier, denom: 'udepin' },
    block: {
      chainId: 'depin-test-1',
      height: 1n,
      timeNs: 1_700_000_000_000_000_000n,
      proposerAddress: new Uint8Array(20),
    },
    archive: { get: () => undefined, put: () => undefined },
    stores(name) {
      const store = stores.get(name) ?? new BufferedStore(EMPTY_STORE);
      stores.set(name, store);
      return store;
    },
  });
}
