/** What happens to answers that headers and proofs do not cover. */

/**
 * `refuse` gives only what is proven: what is not is left out of an answer, or the whole answer is refused. `mark`
 * lets everything through and names what is not proven. With a list, the methods and query paths in it are marked,
 * and all others refused.
 */
export type UnprovenPolicy = 'refuse' | 'mark' | { readonly mark: readonly string[] };

/** Whether what is not proven of this method or query path is let through. */
export function isMarked(policy: UnprovenPolicy, name: string): boolean {
  return typeof policy === 'string' ? policy === 'mark' : policy.mark.includes(name);
}

/** The answer would rest on the word of a node alone. */
export class UnprovenError extends Error {
  override readonly name = 'UnprovenError';
  /** The RPC method or the path of the query. */
  readonly subject: string;

  constructor(subject: string, why: string) {
    super(`${subject}: refused, since ${why}`);
    this.subject = subject;
  }
}
