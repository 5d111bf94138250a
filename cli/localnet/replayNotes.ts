/** Says how far a start is that executes blocks again: nothing where that is quick. */
import type { ReplayProgress } from '../../localnet/index.ts';

const FIRST_AFTER_MS = 1000;
const NEXT_AFTER_MS = 5000;

/** Takes each replayed block, and gives a line now and then. `now` in milliseconds. */
export function replayNotes(
  say: (line: string) => void,
  now: () => number = () => performance.now(),
): (progress: ReplayProgress) => void {
  let due: number | undefined;
  return ({ name, height, last }) => {
    due ??= now() + FIRST_AFTER_MS;
    if (now() < due) return;
    due = now() + NEXT_AFTER_MS;
    say(`executing blocks again that the state lacks: ${name} is at ${height} of ${last}`);
  };
}
