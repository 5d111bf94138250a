/** What a light client says about itself. */
import { hashHeader } from '../wire/header.ts';
import type { Header } from '../wire/types.ts';
import type { DivergenceError } from './lightClientError.ts';
import type { LightClientOptions } from './lightClientOptions.ts';
import type { RemovedNode } from './roster.ts';

/** What a light client trusts at the moment, and whom it asks. */
export interface LightClientStatus {
  readonly chainId: string;
  /** The newest trusted header. */
  readonly height: bigint;
  readonly hash: Uint8Array;
  /** Its time, in nanoseconds since the Unix epoch. */
  readonly time: bigint;
  /** When it can no longer be gone on from. */
  readonly expiresAt: bigint;
  readonly isExpired: boolean;
  readonly primary: string;
  readonly witnesses: readonly string[];
  /** True when nobody confirms what the primary shows. */
  readonly withoutWitnesses: boolean;
  /** Nodes that are asked no more. */
  readonly removed: readonly RemovedNode[];
  /** Set once two chains were seen: nothing is verified any more. */
  readonly halted: DivergenceError | undefined;
  /** Headers asked of primaries since the start. */
  readonly headersFetched: number;
}

/** What follows from the newest trusted header at a time, in nanoseconds since the Unix epoch. */
export function statusOf(
  header: Header,
  { chainId, trust, withoutWitnesses = false }: LightClientOptions,
  now: bigint,
) {
  const { height, time } = header;
  const expiresAt = time + trust.period;
  const hash = hashHeader(header);
  return { chainId, height, hash, time, expiresAt, isExpired: expiresAt <= now, withoutWitnesses };
}
