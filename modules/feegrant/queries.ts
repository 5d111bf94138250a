import type { Handlers } from '../../chain/module/defineModule.ts';
import { paginate } from '../../chain/state/pagination.ts';
import { equalBytes } from '../../wire/bytes.ts';
import type { QueryDefinition } from '../../wire/gen/cosmos/feegrant/v1beta1/query.ts';
import { lengthPrefixedAddressKey, partPrefix } from '../../wire/keys.ts';
import type { FeegrantView } from './context.ts';
import { grantOf } from './grants.ts';

export const queries: Handlers<QueryDefinition, FeegrantView> = {
  allowance(view, request) {
    const granter = view.addresses.parse(request.granter, 'granter');
    const grantee = view.addresses.parse(request.grantee, 'grantee');
    return { allowance: grantOf(view, { granter, grantee }) };
  },
  allowances({ state, addresses }, { grantee, pagination }) {
    const within = partPrefix(lengthPrefixedAddressKey, addresses.parse(grantee, 'grantee'));
    const page = paginate(state.grants, pagination, { within });
    return { allowances: page.entries.map(([, grant]) => grant), pagination: page.pagination };
  },
  allowancesByGranter({ state, addresses }, request) {
    const address = addresses.parse(request.granter, 'granter');
    const page = paginate(state.grants, request.pagination, {
      where: (_grant, [, granter]) => equalBytes(granter, address),
    });
    return { allowances: page.entries.map(([, grant]) => grant), pagination: page.pagination };
  },
};
