/** The types of the devices module's handlers, for the files that hold them. */
import type { Context, View } from '../../chain/module/defineModule.ts';
import type { Params } from '../../wire/gen/depin/devices/v1/devices.ts';
import type { devicesErrors, devicesEvents, devicesHooks, devicesState } from './module.ts';

// biome-ignore-start lint/complexity/noBannedTypes: the module uses no other.
export type DevicesContext = Context<
  {},
  Params,
  typeof devicesState,
  typeof devicesErrors,
  typeof devicesEvents,
  typeof devicesHooks
>;
export type DevicesView = View<{}, Params, typeof devicesState, typeof devicesErrors>;
// biome-ignore-end lint/complexity/noBannedTypes: as above.
