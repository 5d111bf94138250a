import assert from 'node:assert/strict';
import { defineModule, NO_GENESIS, NO_SERVICE } from './defineModule.ts';
import { stepsFrom } from './migrations.ts';

const step = (): void => undefined;

function versioned(versions: {
  version?: number;
  firstVersion?: number;
  migrations?: Readonly<Record<number, () => void>>;
}) {
  const quiet = { msg: NO_SERVICE, messages: {}, query: NO_SERVICE, queries: {} };
  return defineModule('m', { ...quiet, genesis: NO_GENESIS, ...versions });
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
});
