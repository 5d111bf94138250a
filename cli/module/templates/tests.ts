/** The tests of a new module. */
import type { ModuleNames } from '../names.ts';

/** Properties of the arithmetic. */
export const scoringTest = ({
  name,
  clause,
}: ModuleNames): string => `import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FULL_QUALITY, qualityOf, rewardOf } from './scoring.ts';

const value = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const tolerance = fc.integer({ min: 1, max: 2 ** 32 - 1 });

describe('${name}: scoring', () => {
  const cases: readonly [value: number, quality: number][] = [
    [20, FULL_QUALITY],
    [21, 900_000],
    [19, 900_000],
    [29, 100_000],
    [30, 0],
    [10, 0],
    [-1_000, 0],
  ];
  for (const [given, expected] of cases) {
    it(\`gives \${expected} for \${given} (${clause}-3)\`, () => {
      assert.equal(qualityOf(given, { best: 20, tolerance: 10 }), expected);
    });
  }

  it('falls with the distance, and stays within its bounds (${clause}-3)', () => {
    fc.assert(
      fc.property(value, value, value, tolerance, (best, a, b, allowed) => {
        const [near, far] = Math.abs(a - best) <= Math.abs(b - best) ? [a, b] : [b, a];
        const judged = (given: number): number => qualityOf(given, { best, tolerance: allowed });
        assert.ok(judged(near) >= judged(far));
        assert.ok(judged(far) >= 0 && judged(near) <= FULL_QUALITY);
      }),
    );
  });

  it('pays no more than the full reward (${clause}-4)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: FULL_QUALITY }), fc.bigInt({ min: 0n }), (ppm, full) => {
        const paid = rewardOf(ppm, full);
        assert.ok(paid >= 0n && paid <= full);
      }),
    );
    assert.equal(rewardOf(FULL_QUALITY, 7n), 7n);
    assert.equal(rewardOf(999_999, 7n), 6n);
  });
});
`;

/** What the module does on a chain. */
export const moduleTest = ({
  name,
  pascal,
  upper,
  clause,
}: ModuleNames): string => `import assert from 'node:assert/strict';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { TestDevice } from '../../chain/testing/testDevice.ts';
import { formatAddress } from '../../wire/address.ts';
import { EventReadingPaid, EventRegistered } from '../../wire/gen/depin/${name}/v1/events.ts';
import { GenesisState } from '../../wire/gen/depin/${name}/v1/genesis.ts';
import { Member } from '../../wire/gen/depin/${name}/v1/${name}.ts';
import { auth } from '../auth/module.ts';
import { bank } from '../bank/module.ts';
import { devices } from '../devices/module.ts';
import { ${upper}_KIND, reading${pascal} } from './keys.ts';
import { DEFAULT_PARAMS, ${name} } from './module.ts';

const MODULES = [auth, bank, devices, ${name}];
const ownerBytes = new Uint8Array(20).fill(1);
const owner = formatAddress('depin', ownerBytes);

function start() {
  const chain = new ModuleHarness({ modules: MODULES });
  const device = new TestDevice(1);
  chain.send(devices, 'registerDevice', device.enrolment(owner));
  return { chain, device };
}

function startWithMember() {
  const world = start();
  world.chain.send(${name}, 'register', { owner, deviceId: world.device.id });
  return world;
}

/** The message with a reading of the device. */
function report(chain: ModuleHarness, device: TestDevice, payload: Uint8Array) {
  const timeMs = chain.timeNs / 1_000_000n;
  return { submitter: owner, reports: [device.report({ kind: ${upper}_KIND, payload, timeMs })] };
}

const reading = (value: number): Uint8Array => reading${pascal}.encode({ value });

describe('${name}', () => {
  it('registers a device of the signer, once (${clause}-1)', () => {
    const { chain, device } = start();
    const message = { owner, deviceId: device.id };
    chain.send(${name}, 'register', message);
    assert.deepEqual(chain.emitted(EventRegistered), [{ deviceId: device.id, owner }]);
    assert.match(chain.refusal(${name}, 'register', message), /^${name}\\/3: .* member already/);
    const stranger = { ...message, owner: formatAddress('depin', new Uint8Array(20).fill(2)) };
    assert.match(chain.refusal(${name}, 'register', stranger), /^devices\\/3: /);
  });

  it('pays the owner for each reading by its quality (${clause}-2, ${clause}-4)', () => {
    const { chain, device } = startWithMember();
    chain.send(devices, 'submitReports', report(chain, device, reading(0)));
    chain.nextBlock();
    chain.send(devices, 'submitReports', report(chain, device, reading(-2_500)));
    const [paid] = chain.emitted(EventReadingPaid);
    assert.deepEqual(
      [paid?.sequence, paid?.value, paid?.qualityPpm, paid?.amount],
      [2n, -2_500, 750_000, '750'],
    );
    chain.nextBlock();
    assert.equal(chain.api(bank).balance(ownerBytes, 'udepin'), 1_750n);
    assert.deepEqual(chain.query(${name}, 'member', { deviceId: device.id }), {
      member: {
        deviceId: device.id,
        registeredHeight: 1n,
        readings: 2n,
        value: -2_500,
        qualityPpm: 750_000,
        earned: '1750',
      },
    });
  });

  it('keeps a reading that is worth nothing, and pays nothing (${clause}-4)', () => {
    const { chain, device } = startWithMember();
    chain.send(devices, 'submitReports', report(chain, device, reading(10_000)));
    assert.equal(chain.emitted(EventReadingPaid)[0]?.amount, '0');
    assert.equal(chain.api(bank).supply('udepin'), 0n);
  });

  it('refuses a reading of a device that is no member, and one that is malformed (${clause}-2)', () => {
    const { chain, device } = start();
    const early = report(chain, device, reading(0));
    assert.match(chain.refusal(devices, 'submitReports', early), /^${name}\\/2: /);
    chain.send(${name}, 'register', { owner, deviceId: device.id });
    const malformed = report(chain, device, new Uint8Array(64).fill(1));
    assert.match(chain.refusal(devices, 'submitReports', malformed), /^${name}\\/4: /);
    assert.equal(chain.api(bank).supply('udepin'), 0n);
  });

  it('answers for unknown members, and in pages', () => {
    const { chain, device } = startWithMember();
    for (const deviceId of ['', 'x', '0'.repeat(40)]) {
      assert.throws(() => chain.query(${name}, 'member', { deviceId }), /device is not a member/);
    }
    const { members } = chain.query(${name}, 'members', {}) as { members: { deviceId: string }[] };
    assert.deepEqual(
      members.map(({ deviceId }) => deviceId),
      [device.id],
    );
  });

  it('imports what it exports, through its bytes (${clause}-6)', () => {
    const { chain, device } = startWithMember();
    chain.send(devices, 'submitReports', report(chain, device, reading(5)));
    const exported = chain.export(${name}) as GenesisState;
    const decoded = GenesisState.decode(GenesisState.encode(exported).finish());
    const genesis = { bank: chain.export(bank), devices: chain.export(devices), ${name}: decoded };
    const again = new ModuleHarness({ modules: MODULES, genesis, startTimeNs: chain.timeNs });
    assert.deepEqual(again.export(${name}), exported);
  });

  const bad: readonly [string, Partial<GenesisState>, RegExp][] = [
    ['no tolerance', { params: { ...DEFAULT_PARAMS, tolerance: 0 } }, /params.tolerance: /],
    [
      'a reward that is no amount',
      { params: { ...DEFAULT_PARAMS, rewardPerReading: '-1' } },
      /params.reward_per_reading: /,
    ],
    [
      'a member without a device',
      { members: [Member.fromPartial({ deviceId: '0'.repeat(40), earned: '0' })] },
      /members\\[0\\].device_id: no such device/,
    ],
  ];
  for (const [what, change, expected] of bad) {
    it(\`refuses a genesis with \${what} (${clause}-6)\`, () => {
      const section = { params: DEFAULT_PARAMS, members: [], ...change };
      const genesis = { ${name}: section };
      assert.throws(() => new ModuleHarness({ modules: MODULES, genesis }), expected);
    });
  }
});
`;
