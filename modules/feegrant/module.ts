import { defineModule } from '../../chain/module/defineModule.ts';
import { gatherFields } from '../../chain/module/definition.ts';
import { keySet, map } from '../../chain/state/collections.ts';
import { Grant } from '../../wire/gen/cosmos/feegrant/v1beta1/feegrant.ts';
import { GenesisState } from '../../wire/gen/cosmos/feegrant/v1beta1/genesis.ts';
import {
  MsgPruneAllowances,
  MsgPruneAllowancesResponse,
} from '../../wire/gen/cosmos/feegrant/v1beta1/prune.ts';
import { QueryDefinition } from '../../wire/gen/cosmos/feegrant/v1beta1/query.ts';
import { MsgDefinition } from '../../wire/gen/cosmos/feegrant/v1beta1/tx.ts';
import { auth } from '../auth/module.ts';
import { expirationOf } from './allowance.ts';
import { feegrantErrors } from './errors.ts';
import { genesisFields, initGenesis } from './genesis.ts';
import { allowanceOf, type FeeRequest, pruneExpired, useGrant } from './grants.ts';
import { FEEGRANT_PREFIX, grantKeyCodec, queueKeyCodec } from './keys.ts';
import { grantAllowance, pruneAllowances, revokeAllowance } from './messages.ts';
import { queries } from './queries.ts';

/** Ended allowances that the end of a block takes out at most, as in the SDK. */
export const PRUNED_BY_BLOCK = 200;

export const feegrantState = {
  grants: map(FEEGRANT_PREFIX.grants, grantKeyCodec, Grant),
  queue: keySet(FEEGRANT_PREFIX.queue, queueKeyCodec, new Uint8Array(0)),
};

/** The messages of SDK 0.50: the published texts lack the last one. */
export const feegrantMessages = {
  fullName: MsgDefinition.fullName,
  methods: {
    ...MsgDefinition.methods,
    pruneAllowances: {
      name: 'PruneAllowances',
      requestType: MsgPruneAllowances,
      responseType: MsgPruneAllowancesResponse,
    },
  },
} as const;

/** Feegrant: one account pays the fees of another, within bounds that it sets. */
export const feegrant = defineModule('feegrant', {
  firstVersion: 2, // of SDK v0.50
  uses: { auth },
  state: feegrantState,
  errors: feegrantErrors,
  msg: feegrantMessages,
  messages: { grantAllowance, revokeAllowance, pruneAllowances },
  query: QueryDefinition,
  queries,
  genesis: {
    type: GenesisState,
    default: { allowances: [] },
    init: initGenesis,
    export: (view) => gatherFields(genesisFields(view)),
    fields: genesisFields,
  },
  endBlock: (context) => pruneExpired(context, PRUNED_BY_BLOCK),
  invariants: {
    'every allowance that ends stands in the queue, and nothing else does': ({ state }) => {
      let queued = 0;
      for (const [[, key]] of state.queue.entries()) {
        if (!state.grants.has(key)) return 'the queue holds an allowance that is none';
        queued++;
      }
      let ending = 0;
      for (const [, grant] of state.grants.entries())
        if (expirationOf(allowanceOf(grant)) !== undefined) ending++;
      return ending === queued || `${ending} allowances end, ${queued} stand in the queue`;
    },
  },
  api: (context) => ({
    /** Draws a fee from an allowance. @throws ChainError feegrant/2, /3, /7 or sdk/38 when it is not granted. */
    useGrant: (request: FeeRequest): void => useGrant(context, request),
  }),
});
