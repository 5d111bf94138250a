/** The code of a new module. */
import type { ModuleNames } from '../names.ts';

/** Where the state lies, and what a report holds. */
export const keysCode = ({
  name,
  pascal,
  upper,
  kind,
}: ModuleNames): string => `/** Where the ${name} module keeps its state and what its devices report, for the module and for clients. */
import { concatBytes } from '../../wire/bytes.ts';
import { deviceIdKey } from '../../wire/deviceKeys.ts';
import { fixedLayout } from '../../wire/fixedLayout.ts';

/** Name of the store. */
export const ${upper}_STORE = '${name}';

/** Prefixes of the collections. They are consensus data and are never used again for anything else. */
export const ${upper}_PREFIX = { params: 0, members: 1 } as const;

/** Kind of a report that holds a reading. The number is never used again for something else. */
export const ${upper}_KIND = ${kind};

/** The 64 payload bytes of such a report. */
export const reading${pascal} = fixedLayout('${name} reading', 64, [['value', 'i32']]);

/** Store key of a member's record. @throws TypeError when the id is not 40 hex digits. */
export function memberKey(deviceId: string): Uint8Array {
  return concatBytes(Uint8Array.of(${upper}_PREFIX.members), deviceIdKey.encode(deviceId));
}
`;

/** The pure part. */
export const scoringCode = ({
  clause,
}: ModuleNames): string => `/** What a reading is worth. Integers only: every node must come to the same. */

/** Full quality, in parts per million. */
export const FULL_QUALITY = 1_000_000;

/** How a value is judged. */
export interface Judgement {
  readonly best: number;
  readonly tolerance: number;
}

/** ${clause}-3. Quality in parts per million: full at \`best\`, falling evenly to nothing \`tolerance\` away from it. */
export function qualityOf(value: number, { best, tolerance }: Judgement): number {
  const distance = Math.abs(value - best);
  if (distance === 0) return FULL_QUALITY;
  if (distance >= tolerance) return 0;
  // Both factors are under 2^33, so the product would not be exact as a number.
  return Number((BigInt(tolerance - distance) * BigInt(FULL_QUALITY)) / BigInt(tolerance));
}

/** ${clause}-4. Base units for a reading, rounded down. */
export function rewardOf(qualityPpm: number, fullReward: bigint): bigint {
  return (fullReward * BigInt(qualityPpm)) / BigInt(FULL_QUALITY);
}
`;

/** The declaration. */
export const moduleCode = ({
  name,
  pascal,
  upper,
  clause,
}: ModuleNames): string => `import { parseAmount } from '../../chain/math/coins.ts';
import { decodePayload } from '../../chain/module/decodePayload.ts';
import { defineModule } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { map } from '../../chain/state/collections.ts';
import { paginate } from '../../chain/state/pagination.ts';
import { moduleAddress } from '../../wire/address.ts';
import { deviceIdKey } from '../../wire/deviceKeys.ts';
import { EventReadingPaid, EventRegistered } from '../../wire/gen/depin/${name}/v1/events.ts';
import { GenesisState } from '../../wire/gen/depin/${name}/v1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/depin/${name}/v1/query.ts';
import { MsgDefinition } from '../../wire/gen/depin/${name}/v1/tx.ts';
import { Member, Params } from '../../wire/gen/depin/${name}/v1/${name}.ts';
import { bank } from '../bank/module.ts';
import { devices } from '../devices/module.ts';
import { ${upper}_KIND, ${upper}_PREFIX, reading${pascal} } from './keys.ts';
import { qualityOf, rewardOf } from './scoring.ts';

export const DEFAULT_PARAMS: Params = { rewardPerReading: '1000', best: 0, tolerance: 10_000 };

/** ${pascal}: devices report a value, and each reading earns its owner by its quality. */
export const ${name} = defineModule('${name}', {
  uses: { bank, devices },
  params: {
    prefix: ${upper}_PREFIX.params,
    type: Params,
    default: DEFAULT_PARAMS,
    check({ rewardPerReading, tolerance }) {
      parseAmount(rewardPerReading, 'params.reward_per_reading');
      if (tolerance < 1) throw sdkError('invalidRequest', 'params.tolerance: expected 1 or more');
    },
  },
  state: {
    members: map(${upper}_PREFIX.members, deviceIdKey, Member, { key: ({ deviceId }) => deviceId }),
  },
  errors: {
    NotAMember: [2, 'device is not a member', 'notFound'],
    AlreadyRegistered: [3, 'device is a member already'],
    MalformedReading: [4, 'malformed reading'],
  },
  events: { registered: EventRegistered, readingPaid: EventReadingPaid },
  msg: MsgDefinition,
  messages: {
    /** ${clause}-1. */
    register({ state, devices, height, fail, emit }, { owner, deviceId }) {
      devices.owned(deviceId, owner); // the signer's, and not revoked
      if (state.members.has(deviceId)) throw fail.AlreadyRegistered(\`device_id: \${deviceId}\`);
      state.members.set(deviceId, {
        deviceId,
        registeredHeight: height,
        readings: 0n,
        value: 0,
        qualityPpm: 0,
        earned: '0',
      });
      emit.registered({ deviceId, owner });
      return {};
    },
  },
  query: QueryDefinition,
  queries: {
    params: ({ params }) => ({ params }),
    member({ state, fail }, { deviceId }) {
      const isId = /^[0-9a-f]{40}$/.test(deviceId);
      const member = isId ? state.members.get(deviceId) : undefined;
      if (member === undefined) throw fail.NotAMember(\`device_id: \${deviceId.slice(0, 40)}\`);
      return { member };
    },
    members({ state }, request) {
      const { entries, pagination } = paginate(state.members, request.pagination);
      return { members: entries.map(([, member]) => member), pagination };
    },
  },
  genesis: {
    type: GenesisState,
    check: {
      members({ devices }, { deviceId, earned }, refuse) {
        if (devices.device(deviceId) === undefined) throw refuse('device_id', 'no such device');
        parseAmount(earned, refuse.at('earned'));
      },
    },
    start: ({ bank }) => bank.openModuleAccount('${name}', 'minter'),
  },
  on: {
    devices: {
      /** ${clause}-2. True takes the report; an error of the table refuses it, and nothing of it stays. */
      reportAccepted(context, { device, report }) {
        if (report.kind !== ${upper}_KIND) return false;
        const { state, params, fail } = context;
        const member = state.members.get(device.id);
        if (member === undefined) throw fail.NotAMember(\`device_id: \${device.id}\`);
        const { value } = decodePayload(reading${pascal}, report.payload, fail.MalformedReading);
        const qualityPpm = qualityOf(value, params);
        const amount = rewardOf(qualityPpm, BigInt(params.rewardPerReading));
        state.members.set(device.id, {
          ...member,
          readings: member.readings + 1n,
          value,
          qualityPpm,
          earned: (BigInt(member.earned) + amount).toString(),
        });
        if (amount > 0n) {
          const coins = [{ denom: context.denom, amount }];
          context.bank.mint('${name}', coins);
          const owner = context.addresses.parse(device.owner, 'owner');
          context.bank.sendFromModule('${name}', owner, coins);
        }
        context.emit.readingPaid({
          deviceId: device.id,
          sequence: report.sequence,
          value,
          qualityPpm,
          amount: amount.toString(),
        });
        return true;
      },
    },
  },
  invariants: {
    /** ${clause}-5. */
    'what is minted is paid out': ({ bank, denom }) => {
      const held = bank.balance(moduleAddress('${name}'), denom);
      return held === 0n || \`held \${held}\`;
    },
  },
});
`;

/** What others import. */
export const indexCode = ({ name }: ModuleNames): string => `/**
 * The ${name} module: its declaration, and the keys of what it keeps.
 * @module
 */
export * from './keys.ts';
export { ${name} } from './module.ts';
`;

/** What the simulator cannot guess. */
export const simulationCode = ({
  name,
  pascal,
  upper,
}: ModuleNames): string => `import type { ModuleSimulation, SimulationWorld } from '../../chain/testing/simulation.ts';
import { newDeviceFor, reportMaker, type SimulatedReport } from '../devices/devices.sim.ts';
import { reading${pascal}, ${upper}_KIND } from './keys.ts';

/** A value that is mostly near the best. */
function reading({ random, records }: SimulationWorld): SimulatedReport | undefined {
  const members = records('${name}.members');
  if (members.length === 0) return undefined;
  const { device_id } = random.pick(members);
  const value = random.chance(0.9) ? random.integer(-9_000, 9_000) : random.integer(-90_000, 90_000);
  return { deviceId: String(device_id), kind: ${upper}_KIND, payload: reading${pascal}.encode({ value }) };
}

/** Members, and what they read. */
export const simulation: ModuleSimulation = {
  fields: { 'MsgRegister.device_id': newDeviceFor('${name}.members') },
  makers: [reportMaker(2, reading)],
};
`;
