/**
 * The queries of depind's modules, answered from proven reads: what a light client takes beside those of the SDK.
 * @module
 */
import { Router } from '../chain/app/router.ts';
import { Descriptors } from '../chain/descriptors/index.ts';
import { addressesOf } from '../chain/module/addresses.ts';
import { ModuleSet } from '../chain/module/moduleSet.ts';
import { replayQueries } from '../chain/replay/replayQuery.ts';
import type { ProvenQueries } from '../wire/provenQuery.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { DEFAULT_DENOM, DEFAULT_PREFIX, MODULES } from './app.ts';

/** How the chain is configured that is asked. */
export interface ProvenQueriesOptions {
  /** @default depin */
  readonly bech32Prefix?: string;
  /** @default udepin */
  readonly denom?: string;
  /** @default the .proto texts of this package */
  readonly descriptors?: Descriptors;
}

/** Every query of every module, run here on proven state. Cost: one request for each value that it reads. */
export function depindQueries(options: ProvenQueriesOptions = {}): ProvenQueries {
  const { bech32Prefix = DEFAULT_PREFIX, denom = DEFAULT_DENOM } = options;
  return replayQueries({
    router: new Router(new ModuleSet(MODULES), options.descriptors ?? Descriptors.load()),
    environment: { addresses: addressesOf(bech32Prefix), verifier: nobleVerifier, denom },
  });
}
