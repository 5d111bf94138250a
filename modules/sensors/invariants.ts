/** What must hold after every block (SEN-15 to SEN-17). */
import { moduleAddress } from '../../wire/address.ts';
import type { SensorsView } from './context.ts';

export const invariants = {
  'the account of the module holds what is carried': ({ state, bank, denom }: SensorsView) => {
    const held = bank.balance(moduleAddress('sensors'), denom);
    const { carried } = state.clock.must();
    return held === BigInt(carried) || `held ${held}, carried ${carried}`;
  },
  'an epoch pays what its stations got, and carries the rest': ({ state }: SensorsView) => {
    const paid = new Map<bigint, bigint>();
    for (const [[epoch], { amount }] of state.rewards.entries()) {
      paid.set(epoch, (paid.get(epoch) ?? 0n) + BigInt(amount));
    }
    for (const [number, epoch] of state.epochs.entries()) {
      const had = BigInt(epoch.carriedIn) + BigInt(epoch.minted);
      const gone = BigInt(epoch.paid) + BigInt(epoch.carriedOut);
      if (had !== gone) return `epoch ${number}: had ${had}, paid and carried ${gone}`;
      const got = paid.get(number) ?? 0n;
      if (got !== BigInt(epoch.paid)) return `epoch ${number}: paid ${epoch.paid}, got ${got}`;
    }
    return true;
  },
};
