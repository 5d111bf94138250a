import assert from 'node:assert/strict';
import { textKey, uint64Key } from '../../wire/keys.ts';
import { index, item, map } from '../state/collections.ts';
import { uint64Value } from '../state/values.ts';
import { ModuleHarness } from '../testing/moduleHarness.ts';
import { QUIET } from '../testing/quiet.ts';
import { defineModule } from './defineModule.ts';
import { stepsFrom } from './migrations.ts';

const step = (): void => undefined;

function versioned(versions: {
  version?: number;
  firstVersion?: number;
  migrations?: Readonly<Record<number, () => void>>;
}) {
  return defineModule('m', { ...QUIET, ...versions });
}

describe('versions of a module', () => {
  it('start at 1 and need a migration to each later one', () => {
    assert.equal(versioned({}).definition.version, 1);
    assert.equal(versioned({ version: 3, migrations: { 2: step, 3: step } }).definition.version, 3);
    assert.throws(() => versioned({ version: 2 }), /m.migrations: expected one to version 2/);
    assert.throws(
      () => versioned({ version: 3, migrations: { 3: step } }),
      /expected one to version 2/,
    );
    assert.throws(
      () => versioned({ version: 1, migrations: { 2: step } }),
      /m.migrations.2: the module is at version 1/,
    );
    assert.throws(() => versioned({ version: 0 }), /m.version: expected 1 or more, got 0/);
  });

  it('may start later, where the SDK had earlier ones', () => {
    const late = versioned({ firstVersion: 4, version: 5, migrations: { 5: step } }).definition;
    assert.deepEqual(stepsFrom('m', 4n, late), [5]);
    assert.deepEqual(stepsFrom('m', 5n, late), []);
    assert.throws(() => stepsFrom('m', 3n, late), /chain has version 3, this program 4 to 5/);
    assert.throws(() => stepsFrom('m', 6n, late), /chain has version 6, this program 4 to 5/);
  });

  it('are walked through one after the other by a harness that goes on from another', () => {
    const count = item(1, uint64Value);
    const old = defineModule('m', {
      ...QUIET,
      state: { count },
      api: ({ state }) => ({ set: (value: bigint): void => state.count.set(value) }),
    });
    const young = defineModule('m', {
      ...QUIET,
      version: 3,
      migrations: {
        2: ({ open }) => open(count).set(open(count).must() * 10n),
        3({ state, open }) {
          state.total.set(open(count).must() + 3n);
          open(count).delete();
        },
      },
      state: { total: item(2, uint64Value) },
      views: ({ state }) => ({ total: (): bigint => state.total.must() }),
    });
    const before = new ModuleHarness({ modules: [old] });
    before.api(old).set(4n);
    before.nextBlock();
    const after = new ModuleHarness({ modules: [young], upgrading: before });
    assert.deepEqual([after.api(young).total(), after.height], [43n, 2n]);
    const again = new ModuleHarness({ modules: [young], upgrading: after });
    assert.equal(again.api(young).total(), 43n);
  });

  it('give a map an index when its entries are taken out as they were and set again, and not otherwise', () => {
    const plain = map(1, textKey, uint64Value);
    const indexes = { count: index(2, uint64Key, (count: bigint) => count) };
    const old = defineModule('m', {
      ...QUIET,
      state: { rows: plain },
      api: ({ state }) => ({ set: (key: string): void => state.rows.set(key, 7n) }),
    });
    const started = (): ModuleHarness => {
      const before = new ModuleHarness({ modules: [old] });
      for (const key of ['a', 'b', 'c']) before.api(old).set(key);
      return before;
    };
    const withIndex = (isTakenOut: boolean) =>
      defineModule('m', {
        ...QUIET,
        version: 2,
        state: { rows: map(1, textKey, uint64Value, { indexes }) },
        migrations: {
          2({ state, open }) {
            const before = open(plain);
            for (const [key, count] of before.entries()) {
              if (isTakenOut) before.delete(key);
              state.rows.set(key, count);
            }
          },
        },
        views: ({ state }) => ({ sevens: () => [...state.rows.by.count(7n)].map(([key]) => key) }),
      });
    const young = withIndex(true);
    const after = new ModuleHarness({ modules: [young], upgrading: started() });
    assert.deepEqual(after.api(young).sevens(), ['a', 'b', 'c']);
    const careless = withIndex(false);
    assert.throws(
      () => new ModuleHarness({ modules: [careless], upgrading: started() }),
      /the indexes of rows agree with it: a is not in the index count/,
    );
  });
});
