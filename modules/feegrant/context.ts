/** The types of the feegrant module's handlers, for the files that hold them. */
import type { Context, View } from '../../chain/module/defineModule.ts';
import type { auth } from '../auth/module.ts';
import type { feegrantErrors } from './errors.ts';
import type { feegrantState } from './module.ts';

type Uses = { auth: typeof auth };
type State = typeof feegrantState;
type Errors = typeof feegrantErrors;

// biome-ignore lint/complexity/noBannedTypes: feegrant emits the SDK's events and calls no hooks.
export type FeegrantContext = Context<Uses, undefined, State, Errors, {}, {}>;
export type FeegrantView = View<Uses, undefined, State, Errors>;
