/** What work gives, or the signal's reason as soon as it aborts: nobody waits for the work any more then. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    // A signal may outlive many calls: what is done no longer listens to it.
    const done = () => signal.removeEventListener('abort', abort);
    work.finally(done).then(resolve, reject);
  });
}

/** The same of work that does not begin when the signal has aborted before. */
export async function unlessAborted<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  signal?.throwIfAborted();
  return signal === undefined ? work() : orAborted(work(), signal);
}
