/** Inside this folder a check throws; the two verify functions turn that into a verdict. */
import { toHex } from '../bytes.ts';
import type { Refusal } from '../verdict.ts';

/** What can be wrong with a commitment proof. */
export type ProofRefusal =
  | 'malformed'
  | 'wrongProofKind'
  | 'unsupportedOp'
  | 'leafMissing'
  | 'leafOp'
  | 'leafLength'
  | 'leafPrefix'
  | 'innerOp'
  | 'innerPrefix'
  | 'innerSuffix'
  | 'depth'
  | 'emptyKey'
  | 'emptyValue'
  | 'childSize'
  | 'key'
  | 'value'
  | 'root'
  | 'neighboursMissing'
  | 'notLeftOfRight'
  | 'notRightOfLeft'
  | 'notLeftmost'
  | 'notRightmost'
  | 'notNeighbours';

/** A proof that does not hold, with what was found and what had to be there. */
export class ProofError extends TypeError {
  override readonly name = 'ProofError';
  readonly reason: ProofRefusal;
  readonly got: string;
  readonly expected: string;

  constructor(reason: ProofRefusal, got: string, expected: string) {
    super(`commitment proof: ${reason}: got ${got}, expected ${expected}`);
    this.reason = reason;
    this.got = got;
    this.expected = expected;
  }

  get refusal(): Refusal<ProofRefusal> {
    return { ok: false, reason: this.reason, got: this.got, expected: this.expected };
  }
}

/** Bytes that are not the one form of a proof. */
export const malformed = (got: string, expected: string): ProofError =>
  new ProofError('malformed', got, expected);

/** A short text of bytes for refusals. */
export function shown(bytes: Uint8Array): string {
  return bytes.length <= 40
    ? toHex(bytes)
    : `${toHex(bytes.subarray(0, 40))}… (${bytes.length} bytes)`;
}
