/** The types of the staking module's handlers, for the files that hold them. */
import type { Context, View } from '../../chain/module/defineModule.ts';
import type { Params } from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import type { bank } from '../bank/module.ts';
import type { stakingErrors, stakingState } from './module.ts';

type Uses = { bank: typeof bank };
type State = typeof stakingState;
type Errors = typeof stakingErrors;

// biome-ignore lint/complexity/noBannedTypes: staking emits the SDK's events and calls no hooks.
export type StakingContext = Context<Uses, Params, State, Errors, {}, {}>;
export type StakingView = View<Uses, Params, State, Errors>;
