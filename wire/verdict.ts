/** The outcome of a verification: a value, never an exception and never a bare boolean. */

/** Why something was refused: a stable reason, and both values where there are two. */
export interface Refusal<Reason extends string = string> {
  readonly ok: false;
  readonly reason: Reason;
  readonly got?: string;
  readonly expected?: string;
}

export type Verdict<Reason extends string = string> = { readonly ok: true } | Refusal<Reason>;

/** The verdict of everything that holds. */
export const ACCEPTED: { readonly ok: true } = Object.freeze({ ok: true });
