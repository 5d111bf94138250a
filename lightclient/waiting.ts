/** Blocks that trust does not reach yet. */
import type { LightBlock } from './types.ts';

/** Of all blocks together: with 10,000 validators each, five sets and those after them. */
const MAX_WAITING_VALIDATORS = 100_000;

/**
 * Forgets some of the blocks that wait, each below the one before, when their sets are very large: a node can make them
 * so at will. The first is what is wanted and the last is what is tried next; what lies between can be asked for again.
 */
export function makeRoom(waiting: LightBlock[], most: number = MAX_WAITING_VALIDATORS): void {
  let held = waiting.reduce((sum, block) => sum + sizeOf(block), 0);
  while (held > most && waiting.length > 2) held -= sizeOf(waiting.splice(1, 1)[0]!);
}

function sizeOf({ validators, nextValidators }: LightBlock): number {
  return validators.length + (validators === nextValidators ? 0 : nextValidators.length);
}
