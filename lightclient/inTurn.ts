import { orAborted } from './orAborted.ts';

/**
 * Runs one piece of work after the other, whatever becomes of each. With a signal that aborts, nobody waits for it any
 * more, and what has not begun never does.
 */
export function inTurn(): <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work, signal) => {
    const begin = async () => {
      signal?.throwIfAborted();
      return work();
    };
    const result = last.then(begin, begin);
    last = result.catch(() => undefined);
    return signal === undefined ? result : orAborted(result, signal);
  };
}
