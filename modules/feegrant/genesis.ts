import type { GenesisField } from '../../chain/module/definition.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { valuesOf } from '../../chain/state/walk.ts';
import type { GenesisState } from '../../wire/gen/cosmos/feegrant/v1beta1/genesis.ts';
import { expirationOf } from './allowance.ts';
import type { FeegrantContext, FeegrantView } from './context.ts';
import { readAllowance } from './encoding.ts';
import { putGrant } from './grants.ts';

/**
 * What ended before the chain begins is left out: a chain that was exported and waits has such grants.
 * @throws ChainError naming the allowance that is wrong or stands twice.
 */
export function initGenesis(context: FeegrantContext, { allowances }: GenesisState): void {
  const { addresses, timeNs } = context;
  allowances.forEach((grant, i) => {
    const field = `allowances[${i}]`;
    const granter = addresses.parse(grant.granter, `${field}.granter`);
    const grantee = addresses.parse(grant.grantee, `${field}.grantee`);
    if (addresses.format(granter) === addresses.format(grantee)) {
      throw sdkError('invalidAddress', `${field}: cannot self-grant fee authorization`);
    }
    const allowance = readAllowance(grant.allowance, `${field}.allowance`);
    const ends = expirationOf(allowance);
    if (ends === undefined || ends >= timeNs) putGrant(context, { granter, grantee }, allowance);
  });
}

export function* genesisFields({ state }: FeegrantView): Iterable<GenesisField<GenesisState>> {
  yield ['allowances', valuesOf(state.grants.entries())];
}
