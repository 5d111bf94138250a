/** What the two module accounts of staking must hold. */
import { BondStatus } from '../../wire/gen/cosmos/staking/v1beta1/staking.ts';
import type { StakingView } from './context.ts';

/** Base units behind bonded validators, and those behind others or unbonding. Walks all of them. */
export function pooledTokens(state: StakingView['state']): { bonded: bigint; notBonded: bigint } {
  let bonded = 0n;
  let notBonded = 0n;
  for (const [, { status, tokens }] of state.validators.entries()) {
    if (status === BondStatus.BOND_STATUS_BONDED) bonded += BigInt(tokens);
    else notBonded += BigInt(tokens);
  }
  for (const [, { entries }] of state.unbonding.entries()) {
    for (const { balance } of entries) notBonded += BigInt(balance);
  }
  return { bonded, notBonded };
}
