/** The descriptors of this process: read from the `.proto` texts once, when a command first needs them. */
import { Descriptors } from '../chain/descriptors/index.ts';

let loaded: Descriptors | undefined;

/** All messages and services; the first call takes about 90 ms. */
export function sharedDescriptors(): Descriptors {
  loaded ??= Descriptors.load();
  return loaded;
}
