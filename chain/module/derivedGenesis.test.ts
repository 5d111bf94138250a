import assert from 'node:assert/strict';
import { GenesisState as CoverageGenesis } from '../../wire/gen/depin/coverage/v1/genesis.ts';
import { GenesisState } from '../../wire/gen/depin/sensors/v1/genesis.ts';
import {
  Epoch,
  EpochClock,
  Params,
  Reading,
  Reward,
  Station,
} from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { hexKey, pair, textKey, uint64Key } from '../../wire/keys.ts';
import { index, item, map, sequence, unique } from '../state/collections.ts';
import { ModuleHarness } from '../testing/moduleHarness.ts';
import { defineModule, NO_SERVICE } from './defineModule.ts';
import { sdkError } from './errors.ts';

const quiet = { msg: NO_SERVICE, messages: {}, query: NO_SERVICE, queries: {} };
const id = (byte: number): string => byte.toString(16).padStart(40, '0');
const PARAMS = Params.fromPartial({ epochSeconds: 60n, poolPerEpoch: '1' });

const state = {
  stations: map(1, hexKey(20), Station, {
    key: ({ deviceId }) => deviceId,
    indexes: {
      cell: index(2, textKey, ({ cell }: Station) => cell),
      number: unique(8, uint64Key, ({ number }: Station) => number || undefined),
    },
  }),
  readings: map(3, hexKey(20), Reading, { key: ({ deviceId }) => deviceId }),
  rewards: map(4, pair(uint64Key, hexKey(20)), Reward, {
    key: ({ epoch, deviceId }) => [epoch, deviceId] as const,
  }),
  epochs: map(5, uint64Key, Epoch, { key: ({ number }) => number }),
  clock: item(6, EpochClock),
  nextNumber: sequence(7),
};

const weather = defineModule('weather', {
  ...quiet,
  params: {
    prefix: 0,
    type: Params,
    default: PARAMS,
    check({ epochSeconds }) {
      if (epochSeconds === 0n) throw sdkError('invalidRequest', 'params.epoch_seconds: is 0');
    },
  },
  state,
  genesis: {
    type: GenesisState,
    omit: ['nextNumber'],
    check: {
      stations({ state: { clock } }, { number }, refuse) {
        const most = clock.get()?.number ?? 0n;
        if (number > most) throw refuse('number', `expected at most ${most}, got ${number}`);
      },
    },
    start: ({ state: { nextNumber } }, { stations }) =>
      nextNumber.set(BigInt(stations.length) + 1n),
  },
  views: (view) => ({ inCell: (cell: string) => [...view.state.stations.by.cell(cell)] }),
  api: (context) => ({ state: context.state, setParams: context.setParams }),
});

const station = (number: number, cell = 'c') =>
  Station.fromPartial({ deviceId: id(number), cell, number: BigInt(number) });

const GENESIS = GenesisState.fromPartial({
  params: PARAMS,
  stations: [station(1), station(2, 'd'), station(3)],
  rewards: [{ epoch: 2n, deviceId: id(1), amount: '7' }],
  epochs: [{ number: 1n, minted: '1' }],
  clock: { number: 9n, startTimeNs: 5n, carried: '0' },
});

const start = (genesis: unknown = GENESIS): ModuleHarness =>
  new ModuleHarness({ modules: [weather], genesis: { weather: genesis } });

describe('a derived genesis', () => {
  it('fills params, collections and indexes, and gives them back', () => {
    const chain = start();
    assert.deepEqual(chain.export(weather), GENESIS);
    assert.deepEqual(
      chain
        .api(weather)
        .inCell('c')
        .map(([, { number }]) => number),
      [1n, 3n],
    );
    assert.equal(chain.api(weather).state.nextNumber.peek(), 4n);
  });

  it('starts from default params and nothing else when a genesis says nothing', () => {
    const chain = new ModuleHarness({ modules: [weather] });
    assert.deepEqual(chain.export(weather), { ...GenesisState.fromPartial({}), params: PARAMS });
  });

  const bad: readonly [string, object, RegExp][] = [
    ['an entry twice', { stations: [station(1), station(1)] }, /^stations\[1\]: stands twice/],
    ['a key that is none', { readings: [{ deviceId: 'x' }] }, /^readings\[0\]: .*hex/],
    [
      'what a check refuses, with its place',
      { stations: [station(1), station(10)] },
      /^stations\[1\]\.number: expected at most 9, got 10/,
    ],
    [
      'two entries with one value of a unique index',
      { stations: [station(1), { ...station(2), number: 1n }] },
      /number: 1 belongs to 0{39}1/,
    ],
    ['params that cannot be', { params: { epochSeconds: 0n } }, /^params.epoch_seconds: is 0/],
  ];
  for (const [what, change, expected] of bad) {
    it(`refuses ${what}`, () => {
      const genesis = GenesisState.fromPartial({ ...GENESIS, ...change });
      assert.throws(() => start(genesis), { message: expected });
    });
  }

  it('checks params whenever they are set', () => {
    const chain = start();
    const { setParams } = chain.api(weather);
    assert.throws(() => setParams({ ...PARAMS, epochSeconds: 0n }), /epoch_seconds: is 0/);
  });

  it('gives its fields one by one, lists entry by entry', () => {
    const view = { params: PARAMS, state: start().api(weather).state };
    const fields = [...weather.definition.genesis.fields!(view as never)];
    assert.deepEqual(
      fields.map(([name]) => name),
      ['params', 'stations', 'readings', 'rewards', 'epochs', 'clock'],
    );
    const [, stations] = fields[1]!;
    assert.equal(Array.isArray(stations), false);
    assert.deepEqual([...(stations as Iterable<unknown>)], GENESIS.stations);
  });

  it('must hold every collection, and nothing else', () => {
    assert.throws(
      () => defineModule('a', { ...quiet, state, genesis: { type: GenesisState } }),
      /^TypeError: a.nextNumber: depin.sensors.v1.GenesisState has no such field/,
    );
    assert.throws(
      () => defineModule('a', { ...quiet, genesis: { type: GenesisState } }),
      /a.params: no collection fills this field/,
    );
    const { readings, ...others } = state;
    const keyless = { ...others, readings: map(3, hexKey(20), Reading) };
    assert.throws(
      () =>
        defineModule('a', {
          ...quiet,
          params: { prefix: 0, type: Params, default: PARAMS },
          state: keyless,
          genesis: { type: GenesisState, omit: ['nextNumber'] },
        }),
      /a.readings: no collection fills this field .*a map needs `key`/,
    );
    assert.ok(readings);
  });

  it('does not compile where a field holds something else than its collection', () => {
    const epochs = map(5, uint64Key, Reward, { key: ({ epoch }) => epoch });
    const declare = () =>
      defineModule('a', {
        ...quiet,
        state: { epochs },
        // @ts-expect-error the field `epochs` holds Epoch, the collection Reward
        genesis: { type: CoverageGenesis },
      });
    assert.throws(declare, /no collection fills this field/);
  });
});
