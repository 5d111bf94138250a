/** The types of the bank's handlers, for the files that hold them. */
import type { Context, View } from '../../chain/module/defineModule.ts';
import type { Params } from '../../wire/gen/cosmos/bank/v1beta1/bank.ts';
import type { auth } from '../auth/module.ts';
import type { bankErrors, bankState } from './module.ts';

type Uses = { auth: typeof auth };
type State = typeof bankState;
type Errors = typeof bankErrors;

// biome-ignore-start lint/complexity/noBannedTypes: the bank emits the SDK's events and calls no hooks.
export type BankContext = Context<Uses, Params, State, Errors, {}, {}>;
// biome-ignore-end lint/complexity/noBannedTypes: as above.
export type BankView = View<Uses, Params, State, Errors>;
