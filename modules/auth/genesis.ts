import type { GenesisField } from '../../chain/module/definition.ts';
import { Bug } from '../../chain/module/errors.ts';
import type { ReadonlyMapOf } from '../../chain/state/collections.ts';
import type { Params } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import type { GenesisState } from '../../wire/gen/cosmos/auth/v1beta1/genesis.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import { type Account, accountToAny } from './account.ts';

type NoIndexes = Record<never, never>;

/** What of the state the genesis is read from. */
interface AccountsState {
  readonly accounts: Pick<ReadonlyMapOf<Uint8Array, Account, NoIndexes>, 'get'>;
  readonly numbers: Pick<ReadonlyMapOf<bigint, Uint8Array, NoIndexes>, 'entries'>;
}

/** Accounts in the order of their numbers, as `simd` exports them. */
export function* genesisFields({
  state,
  params,
}: {
  readonly state: AccountsState;
  readonly params: Params;
}): Iterable<GenesisField<GenesisState>> {
  yield ['params', params];
  yield ['accounts', accountsOf(state)];
}

function* accountsOf({ accounts, numbers }: AccountsState): Iterable<Any> {
  for (const [number, address] of numbers.entries()) {
    const account = accounts.get(address);
    if (account === undefined) throw new Bug(`account number ${number}: there is no such account`);
    yield accountToAny(account);
  }
}
