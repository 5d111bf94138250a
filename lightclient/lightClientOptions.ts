/** What a light client is made of, checked before anything is asked. */
import { isTrustLevelAllowed } from './predicates.ts';
import type { ChainNode } from './roster.ts';
import type { AnyVerifier } from './settle.ts';
import { refusalText } from './trail.ts';
import type { TrustedStore } from './trustedStore.ts';
import type { TrustLevel, TrustRoot } from './types.ts';
import type { Patience } from './witnesses.ts';

/** Where trust starts, and how long a header is trusted after its time, in nanoseconds. */
export interface TrustOptions extends TrustRoot {
  /** Must be shorter than the chain's unbonding period. */
  readonly period: bigint;
}

/** How a light client works. Times and durations are nanoseconds unless they are named otherwise. */
export interface LightClientOptions {
  readonly chainId: string;
  /** The node that is asked first. */
  readonly primary: ChainNode;
  /** Nodes of other operators, which confirm every header, and take the primary's place when it fails. */
  readonly witnesses: readonly ChainNode[];
  /** Goes without witnesses, so that a fork signed by 2/3 of the power goes unseen. @default false */
  readonly withoutWitnesses?: boolean | undefined;
  readonly trust: TrustOptions;
  /** @default a MemoryStore */
  readonly store?: TrustedStore | undefined;
  /** Trusted blocks kept. @default 1000 */
  readonly maxBlocks?: number | undefined;
  /** Verifies every header up to the target, without skipping. @default false */
  readonly sequential?: boolean | undefined;
  /** @default 1/3 */
  readonly trustLevel?: TrustLevel | undefined;
  /** @default 10 s */
  readonly maxClockDrift?: bigint | undefined;
  /** Most headers fetched for one verification. @default 1000 */
  readonly maxHeaders?: number | undefined;
  /** @default that of `createWebVerifier` */
  readonly verifier?: AnyVerifier | undefined;
  /** How often a witness that is behind is asked. @default 10 */
  readonly witnessAsks?: number | undefined;
  /** Between these, in milliseconds. @default 1000 */
  readonly witnessWaitMs?: number | undefined;
  /** Nanoseconds since the Unix epoch. @default the system's clock */
  readonly now?: (() => bigint) | undefined;
  /** @default a timer */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
}

/** How one call is made. */
export interface CallOptions {
  /**
   * Ends the wait: the call rejects with its reason. A verification that has begun goes on to its end, bounded by the
   * nodes' time-outs, and what it verified is kept.
   */
  readonly signal?: AbortSignal | undefined;
}

/** The height of a state, and how the call is made. */
export interface StateOptions extends CallOptions {
  readonly height?: bigint | undefined;
}

/** The same; a height alone will do. */
export type StateAt = bigint | StateOptions;

/** What is meant by either. */
export function stateOptions(at: StateAt | undefined): StateOptions {
  return typeof at === 'object' ? at : { height: at };
}

/** @throws TypeError that names the option. */
export function checkOptions(options: LightClientOptions): void {
  const { trust, witnesses, withoutWitnesses = false } = options;
  if (typeof trust.height !== 'bigint' || trust.height < 1n) {
    throw wrong('trust.height', 'a bigint of at least 1', trust.height);
  }
  if (trust.hash.length !== 32) throw wrong('trust.hash', '32 bytes', trust.hash.length);
  if (trust.period <= 0n) throw wrong('trust.period', 'more than 0 ns', trust.period);
  if (withoutWitnesses !== (witnesses.length === 0)) {
    const expected = withoutWitnesses ? 'none' : 'at least one, or withoutWitnesses: true';
    throw wrong('witnesses', expected, witnesses.length);
  }
  if (new Set([options.primary, ...witnesses]).size !== witnesses.length + 1) {
    throw wrong('witnesses', 'other nodes than the primary, each once', 'the same one twice');
  }
  const level = options.trustLevel && isTrustLevelAllowed(options.trustLevel);
  if (level?.ok === false) throw new TypeError(`trustLevel: ${refusalText(level)}`);
  for (const name of ['maxBlocks', 'maxHeaders', 'witnessAsks', 'witnessWaitMs'] as const) {
    const value = options[name] ?? 1;
    if (!Number.isSafeInteger(value) || value < 1)
      throw wrong(name, 'a whole number from 1', value);
  }
}

/** How often, and how far apart, a witness that is behind is asked. */
export function patienceOf(options: LightClientOptions): Patience {
  const { witnessAsks: asks = 10, witnessWaitMs: waitMs = 1_000, wait = timer } = options;
  return { asks, waitMs, wait };
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function wrong(name: string, expected: string, got: unknown): TypeError {
  return new TypeError(`${name}: expected ${expected}, got ${String(got)}`);
}
