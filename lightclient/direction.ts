/** Which way a verification goes. */
import { syncBackward } from './backward.ts';
import { syncSequentially } from './sequential.ts';
import { syncFrom } from './sync.ts';

/** Backward by hashes; forward by skipping, or by every header. */
export function directionOf(isForward: boolean, isSequential = false): typeof syncFrom {
  if (!isForward) return syncBackward;
  return isSequential ? syncSequentially : syncFrom;
}
