/** What the handlers of a verifying RPC work with. */
import type { ProvenQueries } from '../../wire/provenQuery.ts';
import { printable } from '../jsonRpc.ts';
import type { LightClient } from '../lightClient.ts';
import { ProviderError } from '../provider.ts';
import type { LightBlock } from '../types.ts';
import type { Handled } from './answer.ts';
import type { Arguments } from './arguments.ts';

export interface Scope {
  readonly chainId: string;
  readonly client: LightClient;
  readonly queries: ProvenQueries;
  /**
   * Asks the primary, and another node where `read` refuses what it says with a TypeError or ProviderError. Nothing of
   * it is verified but by `read`.
   */
  ask<T>(
    method: string,
    params: Readonly<Record<string, unknown>>,
    read: (served: unknown) => T,
  ): Promise<T>;
  /** Whether what is not proven of this method or path is let through. */
  keeps(subject: string): boolean;
}

export type Handler = (scope: Scope, args: Arguments) => Promise<Handled>;

/** A method and the order in which its parameters stand in an array. */
export interface Method {
  readonly params: readonly string[];
  readonly handle: Handler;
}

export type Methods = Readonly<Record<string, Method>>;

/** The block at a height, or the newest, verified. */
export function blockAt({ client }: Scope, height: bigint | undefined): Promise<LightBlock> {
  return height === undefined ? client.update() : client.verifyToHeight(height);
}

/** For what is passed on as it came. */
export const asServed = (served: unknown): unknown => served;

/** What a node served is not what the headers say. */
export function contradicts(what: string, got: string, expected: string): ProviderError {
  const text = `${what}: got ${printable(got)}, the header says ${expected}`;
  return new ProviderError('badResponse', text);
}
