/** Where the devices module keeps its state; what clients prove is in wire/deviceKeys.ts. */
import { DEVICES_PREFIX as PROVEN } from '../../wire/deviceKeys.ts';

export { batchKey, DEVICES_STORE, deviceKey } from '../../wire/deviceKeys.ts';

export const DEVICES_PREFIX = {
  params: 0,
  devices: PROVEN.device,
  keys: 2,
  batches: PROVEN.batch,
  nextBatch: 4,
  owners: 5,
  refusals: 6,
} as const;
