/**
 * A module's own query, run by whoever asks, on state that is proven read by read: the answer of an honest node
 * without trusting one.
 */
import { NotProvableError, type ProvenQueries } from '../../wire/provenQuery.ts';
import { answerOf } from '../app/queries.ts';
import type { Router } from '../app/router.ts';
import { type Environment, rootFrame } from '../module/frame.ts';
import { ReadOnlyKVStore } from '../module/gas.ts';
import { PrefetchedState } from './prefetchedState.ts';

const NO_BYTES = new Uint8Array(0);

/** The application whose queries are run. */
export interface ReplayedApplication {
  readonly router: Router;
  readonly environment: Environment;
}

/** Every query of the application. Those that read what is kept beside the state cannot be proven. */
export function replayQueries({ router, environment }: ReplayedApplication): ProvenQueries {
  const paths = new Set(router.queryPaths);
  return (path) => {
    if (!paths.has(path)) return undefined;
    return async (request, reads) => {
      const { chainId, height } = reads;
      const state = new PrefetchedState(reads);
      const block = {
        chainId,
        height,
        get timeNs() {
          return state.timeNs;
        },
        proposerAddress: NO_BYTES,
      };
      const stores = (name: string) => new ReadOnlyKVStore(state.store(name));
      return state.run(() => {
        const frame = rootFrame({ environment, block, stores, archive: BESIDE_THE_STATE });
        return answerOf(() => router.query(frame, path, request) ?? NO_BYTES);
      });
    };
  };
}

const BESIDE_THE_STATE = {
  get: (): never => {
    throw new NotProvableError('reports stand beside the state: verifyDevice proves them');
  },
  put: (): never => {
    throw new TypeError('a query cannot write');
  },
};
