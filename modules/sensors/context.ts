/** The types of the sensors module's handlers, for the files that hold them. */
import type { Context, View } from '../../chain/module/defineModule.ts';
import type { Params } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import type { sensorsErrors, sensorsEvents, sensorsState, sensorsUses } from './module.ts';

type Uses = typeof sensorsUses;
type State = typeof sensorsState;
type Errors = typeof sensorsErrors;

// biome-ignore-start lint/complexity/noBannedTypes: the module calls no hooks.
export type SensorsContext = Context<Uses, Params, State, Errors, typeof sensorsEvents, {}>;
// biome-ignore-end lint/complexity/noBannedTypes: as above.
export type SensorsView = View<Uses, Params, State, Errors>;
