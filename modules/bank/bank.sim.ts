import type { ModuleSimulation } from '../../chain/testing/simulation.ts';

const DENOM = 'udepin';

/** Transfers of one to several: what goes in is what comes out. */
export const simulation: ModuleSimulation = {
  makers: [
    {
      makes: ['cosmos.bank.v1beta1.MsgMultiSend'],
      weight: 1,
      make({ random, accounts }) {
        const outputs = Array.from({ length: random.integer(1, 4) }, () => ({
          address: random.pick(accounts),
          amount: random.integer(1, 1_000_000),
        }));
        const total = outputs.reduce((sum, { amount }) => sum + amount, 0);
        const coins = (amount: number) => [{ denom: DENOM, amount: amount.toString() }];
        return {
          '@type': '/cosmos.bank.v1beta1.MsgMultiSend',
          inputs: [{ address: random.pick(accounts), coins: coins(total) }],
          outputs: outputs.map(({ address, amount }) => ({ address, coins: coins(amount) })),
        };
      },
    },
  ],
};
