/** The types of the coverage module's handlers, for the files that hold them. */
import type { Context, View } from '../../chain/module/defineModule.ts';
import type { Params } from '../../wire/gen/depin/coverage/v1/coverage.ts';
import type { bank } from '../bank/module.ts';
import type { credits } from '../credits/module.ts';
import type { devices } from '../devices/module.ts';
import type { coverageErrors, coverageEvents, coverageState } from './module.ts';

type Uses = { bank: typeof bank; devices: typeof devices; credits: typeof credits };
type State = typeof coverageState;
type Errors = typeof coverageErrors;

// biome-ignore-start lint/complexity/noBannedTypes: the module calls no hooks.
export type CoverageContext = Context<Uses, Params, State, Errors, typeof coverageEvents, {}>;
// biome-ignore-end lint/complexity/noBannedTypes: as above.
export type CoverageView = View<Uses, Params, State, Errors>;

/** Block time in milliseconds since the Unix epoch. */
export const blockMs = ({ timeNs }: Pick<CoverageView, 'timeNs'>): bigint => timeNs / 1_000_000n;
