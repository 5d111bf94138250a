/** Why the light client does not answer. */

import { toHex } from '../wire/bytes.ts';
import { hashHeader } from '../wire/header.ts';
import type { SignedHeader } from '../wire/types.ts';
import { formatDuration } from './duration.ts';
import type { Accusation } from './evidence/accuse.ts';
import type { SyncRefusal } from './sync.ts';
import { refusalText } from './trail.ts';

/**
 * `expired`: a new checkpoint is needed; `refused`: what the last node served breaks a rule; `clock`: its header is
 * ahead of the clock here, and either may be wrong; `tooManyHeaders`: the bound was met; `noWitness`: no other node
 * confirmed the header; `priorities`: two nodes show one header and different turns of its validators; `diverged`: two
 * nodes show two chains.
 */
export type LightClientReason =
  | 'expired'
  | 'refused'
  | 'clock'
  | 'tooManyHeaders'
  | 'noWitness'
  | 'priorities'
  | 'diverged';

/** Nothing may be taken for true. */
export class LightClientError extends Error {
  override readonly name: string = 'LightClientError';
  readonly reason: LightClientReason;

  constructor(reason: LightClientReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** How old trust is: nanoseconds. */
export interface Expiry {
  readonly height: bigint;
  readonly age: bigint;
  readonly period: bigint;
}

/** The newest trusted header is older than the trusting period. */
export class ExpiredError extends LightClientError implements Expiry {
  override readonly name = 'ExpiredError';
  readonly height: bigint;
  readonly age: bigint;
  readonly period: bigint;

  constructor({ height, age, period }: Expiry) {
    const header = `the trusted header at height ${height} is ${formatDuration(age)} old`;
    const rule = `the trusting period is ${formatDuration(period)}`;
    super('expired', `expired: pick a new checkpoint: ${header}, ${rule}`);
    this.height = height;
    this.age = age;
    this.period = period;
  }
}

/** Two headers that cannot both be of the chain. */
export interface Divergence {
  /** The witness that shows the other chain. */
  readonly witness: string;
  /** What the primary showed. */
  readonly trusted: SignedHeader;
  /** What the witness shows. */
  readonly conflicting: SignedHeader;
  /** The evidence that was made of it, and who was told; none where the user's own header is in doubt. */
  readonly accusations: readonly Accusation[];
}

/** Two nodes show two chains, and which one is true cannot be known from here: the light client has halted. */
export class DivergenceError extends LightClientError implements Divergence {
  override readonly name = 'DivergenceError';
  readonly witness: string;
  readonly trusted: SignedHeader;
  readonly conflicting: SignedHeader;
  readonly accusations: readonly Accusation[];

  constructor({ witness, trusted, conflicting, accusations }: Divergence) {
    const texts = `${headerText(trusted)}, ${witness} shows ${headerText(conflicting)}`;
    const told = accusations.map(accusationText).join('');
    super('diverged', `two chains: the primary shows ${texts}${told}; the light client has halted`);
    this.witness = witness;
    this.accusations = accusations;
    this.trusted = trusted;
    this.conflicting = conflicting;
  }
}

/** The error for a block that a node served and that was refused. */
export function refusalError(refusal: SyncRefusal): LightClientError {
  const text = `height ${refusal.height}: ${refusalText(refusal)}`;
  if (refusal.reason === 'timeInFuture') {
    return new LightClientError('clock', `${text}; is this clock right?`);
  }
  const reason = refusal.reason === 'tooManyHeaders' ? 'tooManyHeaders' : 'refused';
  return new LightClientError(reason, text);
}

function accusationText({ kind, against, toldTo, evidence, refusal }: Accusation): string {
  const answer = refusal === undefined ? 'took it' : `did not take it (${refusal})`;
  const since = `after height ${evidence.commonHeight}`;
  return `; evidence of ${kind} ${since} against ${against} was sent to the ${toldTo}, which ${answer}`;
}

function headerText({ header }: SignedHeader): string {
  return `${toHex(hashHeader(header)).toUpperCase()} at height ${header.height}`;
}
