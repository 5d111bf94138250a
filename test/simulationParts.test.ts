import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Descriptors, type JsonValue } from '../chain/descriptors/index.ts';
import type { SimulationWorld } from '../chain/testing/simulation.ts';
import { Random } from '../localnet/fleet/random.ts';
import { isSameFailure } from '../sim/failure.ts';
import { Generator } from '../sim/generator.ts';
import { fitness, Knowledge } from '../sim/knowledge.ts';
import { type BlockPlan, countOperations, type Operation } from '../sim/operation.ts';
import { shrink } from '../sim/shrink.ts';

/** Field of a message, collection and leaf in state, and how well they fit. */
const FITTING: readonly (readonly [
  field: string,
  collection: string,
  leaf: string,
  score: number,
])[] = [
  ['device_id', 'sensors.stations', 'device_id', 3],
  ['device_id', 'devices.devices', 'id', 3],
  ['order_id', 'compute.orders', 'id', 3],
  ['provider', 'compute.providers', 'device_id', 2],
  ['gpu_model', 'compute.params.models', 'name', 2],
  ['validator_address', 'staking.validators', 'operator_address', 2],
  ['batch', 'devices.batches', 'id', 2],
  ['price_per_hour', 'compute.orders', 'max_price_per_hour', 1],
  ['device_id', 'compute.orders', 'id', 0],
  ['owner', 'compute.orders', 'tenant', 0],
];

const operation = (name: string): Operation => ({ messages: [{ '@type': `/${name}` }] });
const namesIn = (plan: readonly BlockPlan[]): string[] =>
  plan.flatMap(({ operations }) =>
    operations.flatMap(({ messages }) => messages.map((m) => m['@type'])),
  );

describe('the parts of the simulator', () => {
  for (const [field, collection, leaf, score] of FITTING) {
    it(`rates ${leaf} of ${collection} for ${field} with ${score}`, () => {
      assert.equal(fitness(field, collection, leaf), score);
    });
  }

  it('knows the objects of an exported state, with what stands around them', () => {
    const knowledge = new Knowledge();
    knowledge.learnSection('devices', {
      next: '9',
      params: { max: 3 },
      devices: [
        { id: 'a', owner: 'anna', keys: [{ public_key: 'k1' }, { public_key: 'k2' }] },
        { id: 'b', owner: 'ben', keys: [] },
      ],
    });
    assert.deepEqual(
      knowledge.objects('devices.devices').map(({ id }) => id),
      ['a', 'b'],
    );
    const keys = knowledge.records('devices.devices.keys');
    assert.deepEqual(Object.fromEntries(keys[1]!.values), {
      id: 'a',
      owner: 'anna',
      public_key: 'k2',
    });
    assert.ok(
      knowledge.slotsFor('device_id').some(({ collection }) => collection === 'devices.devices'),
    );
    knowledge.learnSection('devices', { devices: [{ id: 'c', owner: 'carol' }] });
    assert.deepEqual(knowledge.objects('devices.devices'), [{ id: 'c', owner: 'carol' }]);
  });

  it('spoils a message by a hostile value, or by leaving a field out, also one that is a message', () => {
    const generator = new Generator({
      descriptors: Descriptors.load(),
      knowledge: new Knowledge(),
      prefix: 'depin',
      denom: 'udepin',
      fieldValues: () => undefined,
      messageNames: [],
    });
    const world = { random: Random.of('spoilt') } as unknown as SimulationWorld;
    const message = {
      '@type': '/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade',
      authority: 'a',
      plan: { name: 'v2' },
    };
    const spoilt = Array.from({ length: 60 }, () => generator.spoilt(world, message));
    const lacking = (name: string): number => spoilt.filter((each) => !(name in each)).length;
    assert.ok(lacking('plan') > 2 && lacking('authority') > 2);
    assert.equal(lacking('@type'), 0);
    const hostile = spoilt.filter(({ authority }) => authority !== undefined && authority !== 'a');
    assert.ok(hostile.length > 20);
  });

  it('keeps few records of many', () => {
    const knowledge = new Knowledge();
    const orders = Array.from({ length: 1000 }, (_, id) => ({ id: `${id}` }));
    knowledge.learnSection('compute', { orders });
    const kept = knowledge.objects('compute.orders');
    assert.ok(kept.length <= 48);
    assert.equal(kept.at(-1)!.id, '999');
  });

  it('shrinks to exactly the operations that a failure takes, in their order, and keeps the time that it takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'x', 'y'), { maxLength: 5 }), {
          maxLength: 12,
        }),
        async (blocks) => {
          const plan = blocks.map((names) => ({ afterMs: 10, operations: names.map(operation) }));
          const time = (some: readonly BlockPlan[]) =>
            some.reduce((sum, { afterMs }) => sum + afterMs, 0);
          const fails = async (some: readonly BlockPlan[]): Promise<boolean> =>
            ['/a', '/b', '/c'].every((name) => namesIn(some).includes(name)) &&
            time(some) === time(plan);
          if (!(await fails(plan))) return;
          const small = await shrink(plan, { fails });
          assert.deepEqual(namesIn(small).sort(), ['/a', '/b', '/c']);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out messages, faults and entries of lists that a failure does not take, and keeps the first block', async () => {
    const [send, report] = [{ '@type': '/send' }, { '@type': '/report', reports: [1, 2, 3, 4, 5] }];
    const plan = [
      { afterMs: 1, operations: [] },
      { afterMs: 1, operations: [operation('a')] },
      { afterMs: 1, operations: [{ messages: [send, report, send], fault: { kind: 'noFee' } }] },
    ] satisfies BlockPlan[];
    const reports = (some: readonly BlockPlan[]): unknown[] =>
      some.flatMap(({ operations }) => operations.flatMap(({ messages }) => messages));
    const fails = async (some: readonly BlockPlan[]): Promise<boolean> =>
      some[0]?.operations.length === 0 && /4.*5/.test(JSON.stringify(reports(some)));
    assert.deepEqual(await shrink(plan, { fails }), [
      { afterMs: 1000, operations: [] },
      { afterMs: 1000, operations: [{ messages: [{ ...report, reports: [4, 5] }] }] },
    ]);
  });

  it('leaves out fields, shortens texts, bytes and lists, and brings numbers to 0, 1 or the least', async () => {
    const buyer = 'depin1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9';
    const message = {
      '@type': '/buy',
      buyer,
      amount: '123456789012345678901234567890',
      least: '-734982',
      flags: 77,
      few: '5',
      memo: 'a '.repeat(250),
      proof: 'Z'.repeat(400),
      price: { denom: 'udepin', amount: '99999', exponent: 3 },
      entries: [{ id: '1' }, { id: '2', weight: '9000', note: 'x' }, { id: '3' }],
      unused: ['a', 'b'],
    };
    const fails = async (some: readonly BlockPlan[]): Promise<boolean> => {
      const found = some[0]?.operations[0]?.messages[0] as Partial<typeof message> | undefined;
      return (
        found?.buyer === buyer &&
        BigInt(found.amount ?? '0') >= 10n ** 18n &&
        BigInt(found.least ?? '0') <= -31_337n &&
        found.flags !== undefined &&
        Number(found.few ?? 0) > 0 &&
        (found.memo?.length ?? 0) >= 21 &&
        (found.proof?.length ?? 0) >= 65 &&
        Number(found.price?.amount ?? 0) > 100 &&
        found.entries?.some(({ weight = '0' }) => Number(weight) > 7) === true
      );
    };
    const operations: Operation[] = [{ messages: [message], fault: { kind: 'noFee' } }];
    const [block] = await shrink([{ afterMs: 1, operations }], { fails });
    assert.deepEqual(block?.operations, [
      {
        messages: [
          {
            '@type': '/buy',
            buyer,
            amount: (10n ** 18n).toString(),
            least: '-31337',
            flags: 0,
            few: '1',
            memo: `${'a '.repeat(10)}a`,
            // Whole groups of base64.
            proof: 'Z'.repeat(68),
            price: { amount: '101' },
            entries: [{ weight: '8' }],
          },
        ],
      },
    ]);
  });

  it('gives blocks an even pace, but for the one before which time must pass', async () => {
    const plan = [5, 86_400_000, 7, 90_000].map((afterMs) => ({
      afterMs,
      operations: [operation('a')],
    }));
    const fails = async (some: readonly BlockPlan[]): Promise<boolean> =>
      some.length === 4 &&
      some.every(({ operations }) => operations[0]?.messages.length === 1) &&
      some.slice(0, 2).reduce((sum, { afterMs }) => sum + afterMs, 0) > 80_000_000;
    const times = (await shrink(plan, { fails })).map(({ afterMs }) => afterMs);
    assert.deepEqual(times, [1000, 86_400_000, 1000, 1000]);
  });

  it('leaves out ways to pay that a failure does not take', async () => {
    const payment = { denoms: ['a', 'b', 'c'], granter: 'anna', unordered: true };
    const plan = [{ afterMs: 1, operations: [{ ...operation('a'), payment }] }];
    const cases: readonly [(found: Operation) => boolean, Operation['payment']][] = [
      [() => true, undefined],
      [({ payment: found }) => found?.granter === 'anna', { denoms: [], granter: 'anna' }],
      [({ payment: found }) => (found?.denoms.length ?? 0) > 1, { denoms: ['a', 'b'] }],
      [
        ({ payment: found }) => found?.unordered === true && found.denoms.includes('b'),
        { denoms: ['b'], unordered: true },
      ],
    ];
    for (const [holds, expected] of cases) {
      const fails = async ([block]: readonly BlockPlan[]): Promise<boolean> => {
        const [found] = block?.operations ?? [];
        return found?.messages.length === 1 && holds(found);
      };
      const [small] = await shrink(plan, { fails });
      assert.deepEqual(small?.operations[0]?.payment, expected);
    }
  });

  it('leaves out the blocks that a failure does not take, where their time must not pass with others', async () => {
    const empty = (afterMs: number): BlockPlan => ({ afterMs, operations: [] });
    const last = { afterMs: 1, operations: [operation('a')] };
    const plan = [empty(1000), empty(5), empty(7000), empty(9), last];
    const isLast = (some: readonly BlockPlan[]): boolean =>
      some.at(-1)?.afterMs === 1 && some.at(-1)?.operations[0]?.messages.length === 1;
    const cases: readonly [(some: readonly BlockPlan[]) => boolean, readonly BlockPlan[]][] = [
      [isLast, [empty(1000), last]],
      [
        (some) => isLast(some) && some.some(({ afterMs }) => afterMs === 7000),
        [empty(1000), empty(7000), last],
      ],
    ];
    for (const [holds, expected] of cases) {
      assert.deepEqual(await shrink(plan, { fails: async (some) => holds(some) }), expected);
    }
  });

  it('never prints a plan that does not fail, whatever the failure takes of a message', async () => {
    const json = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
        fc.string({ maxLength: 20 }),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom('a', 'b', 'c'), json), async (fields) => {
        const sizeOf = (some: readonly BlockPlan[]): number => JSON.stringify(some).length;
        const wanted = { '@type': '/m', ...fields };
        const plan = [{ afterMs: 1000, operations: [{ messages: [wanted] }] }];
        const fails = async (some: readonly BlockPlan[]): Promise<boolean> => {
          const found = some[0]?.operations[0]?.messages[0];
          return Object.keys(fields).every((name) => found?.[name] !== undefined);
        };
        const small = await shrink(plan, { fails });
        assert.ok(await fails(small), JSON.stringify(small));
        assert.ok(sizeOf(small) <= sizeOf(plan), JSON.stringify(small));
      }),
      { numRuns: 100 },
    );
  });

  it('gives what it has when its time is over', async () => {
    const plan = [{ afterMs: 1, operations: ['a', 'b', 'c'].map(operation) }];
    const small = await shrink(plan, { fails: async () => true, isOver: () => true });
    assert.equal(countOperations(small), 3);
  });

  it('takes two failures for one when only numbers and names differ', () => {
    const failure = (text: string, height = 1n) => ({ kind: 'halt' as const, text, height });
    const a = failure(
      'height 7: supply: 12udepin, depin1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9 has 3',
      7n,
    );
    const b = failure(
      'height 9: supply: 99udepin, depin1xyerxdp4xcmnswfsxyerxdp4xcmnswfsxyerxdp has -4',
      9n,
    );
    assert.ok(isSameFailure(a, b));
    assert.ok(!isSameFailure(a, { ...a, kind: 'panic' }));
    assert.ok(!isSameFailure(a, failure('height 7: balance: 12udepin')));
  });
});
