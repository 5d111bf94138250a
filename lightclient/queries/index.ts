/**
 * Queries of any Cosmos SDK chain of v0.47 and later, answered from proven reads: accounts, balances, supply,
 * validators, delegations. What a chain keeps otherwise is refused, never guessed.
 * @module
 */
import type { ProvenQueries, ProvenQuery } from '../../wire/provenQuery.ts';
import { ACCOUNT_QUERIES } from './accounts.ts';
import { STAKING_QUERIES } from './staking.ts';

const BY_PATH: ReadonlyMap<string, ProvenQuery> = new Map(
  Object.entries({ ...ACCOUNT_QUERIES, ...STAKING_QUERIES }),
);

/** The query under a gRPC path. */
export const sdkQueries: ProvenQueries = (path) => BY_PATH.get(path);
