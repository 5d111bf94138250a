/** The types of the compute module's handlers, for the files that hold them. */
import type { Context, View } from '../../chain/module/defineModule.ts';
import type { Params } from '../../wire/gen/depin/compute/v1/compute.ts';
import type { computeErrors, computeEvents, computeState, computeUses } from './module.ts';

type Uses = typeof computeUses;
type State = typeof computeState;
type Errors = typeof computeErrors;

// biome-ignore-start lint/complexity/noBannedTypes: the module calls no hooks.
export type ComputeContext = Context<Uses, Params, State, Errors, typeof computeEvents, {}>;
// biome-ignore-end lint/complexity/noBannedTypes: as above.
export type ComputeView = View<Uses, Params, State, Errors>;
