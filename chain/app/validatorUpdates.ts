/** What modules change in the validator set, as ABCI takes it. */
import type { ValidatorUpdate } from '../abci/types.ts';
import { Bug } from '../module/errors.ts';

/** The last update of each key, in the order of first mention. @throws Bug for a negative power. */
export function mergeUpdates(updates: readonly ValidatorUpdate[]): ValidatorUpdate[] {
  const merged = new Map<string, ValidatorUpdate>();
  for (const update of updates) {
    if (update.power < 0n) throw new Bug(`validator update with power ${update.power}`);
    merged.set(`${update.publicKey.type}/${update.publicKey.bytes.join()}`, update);
  }
  return [...merged.values()];
}
