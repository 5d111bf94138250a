import type { JsonObject } from '../../chain/descriptors/index.ts';
import type { ModuleSimulation, SimulationWorld } from '../../chain/testing/simulation.ts';

const PACKAGE = '/cosmos.feegrant.v1beta1';

const coins = (amount: number): JsonObject[] => [{ denom: 'udepin', amount: amount.toString() }];

/** A time from now on, in seconds. */
const after = ({ timeMs }: SimulationWorld, seconds: number): string =>
  new Date(Number(timeMs) + 1000 * seconds).toISOString();

function basic(world: SimulationWorld): JsonObject {
  const { random } = world;
  const ends = random.chance(0.5) ? { expiration: after(world, random.integer(1, 600)) } : {};
  return {
    '@type': `${PACKAGE}.BasicAllowance`,
    spend_limit: coins(random.integer(1, 1e6)),
    ...ends,
  };
}

function periodic(world: SimulationWorld): JsonObject {
  const { random } = world;
  const { '@type': _, ...limits } = basic(world);
  return {
    '@type': `${PACKAGE}.PeriodicAllowance`,
    basic: limits,
    period: `${random.integer(1, 600)}s`,
    period_spend_limit: coins(random.integer(1, 1e5)),
    period_can_spend: coins(random.integer(1, 1e5)),
    period_reset: after(world, random.integer(0, 600)),
  };
}

function allowance(world: SimulationWorld): JsonObject {
  const inner = world.random.chance(0.5) ? basic(world) : periodic(world);
  if (world.random.chance(0.6)) return inner;
  const allowed_messages = ['/cosmos.bank.v1beta1.MsgSend', '/depin.devices.v1.MsgSubmitReports'];
  return { '@type': `${PACKAGE}.AllowedMsgAllowance`, allowance: inner, allowed_messages };
}

/** Allowances of every kind, and taking back those that stand. */
export const simulation: ModuleSimulation = {
  makers: [
    {
      makes: ['cosmos.feegrant.v1beta1.MsgGrantAllowance'],
      weight: 1,
      make(world) {
        const [granter, grantee] = [
          world.random.pick(world.accounts),
          world.random.pick(world.accounts),
        ];
        const type = `${PACKAGE}.MsgGrantAllowance` as const;
        return { '@type': type, granter, grantee, allowance: allowance(world) };
      },
    },
    {
      makes: ['cosmos.feegrant.v1beta1.MsgRevokeAllowance'],
      weight: 1,
      make({ random, records }) {
        const grants = records('feegrant.allowances');
        if (grants.length === 0) return undefined;
        const { granter, grantee } = random.pick(grants);
        const type = `${PACKAGE}.MsgRevokeAllowance` as const;
        return { '@type': type, granter: granter ?? null, grantee: grantee ?? null };
      },
    },
  ],
};
