import assert from 'node:assert/strict';
import { ModuleHarness } from '../../chain/testing/moduleHarness.ts';
import { moduleAddress } from '../../wire/address.ts';
import { toHex } from '../../wire/bytes.ts';
import { Plan } from '../../wire/gen/cosmos/upgrade/v1beta1/upgrade.ts';
import { upgrade } from './module.ts';
import { GO_ZERO_TIME } from './plan.ts';

const plan = {
  name: 'v2',
  height: 100n,
  info: 'x',
  time: undefined,
  upgradedClientState: undefined,
};

function start() {
  const chain = new ModuleHarness({ modules: [upgrade] });
  return { chain, authority: chain.api(upgrade).authority() };
}

describe('upgrade', () => {
  it('keeps the plan that replaces another, and drops it when told (UPG-1, UPG-2)', () => {
    const { chain, authority } = start();
    chain.send(upgrade, 'softwareUpgrade', { authority, plan: { ...plan, name: 'v1' } });
    chain.send(upgrade, 'softwareUpgrade', { authority, plan });
    assert.equal(chain.api(upgrade).plan()?.name, 'v2');
    chain.send(upgrade, 'cancelUpgrade', { authority });
    chain.send(upgrade, 'cancelUpgrade', { authority });
    assert.deepEqual(chain.query(upgrade, 'currentPlan', {}), { plan: undefined });
  });

  it('keeps the bytes that the SDK keeps, with the zero time of Go', () => {
    const bytes = Plan.encode({ ...plan, time: GO_ZERO_TIME }).finish();
    assert.equal(toHex(bytes), '0a027632120b088092b8c398feffffff0118642201' + '78');
  });

  const epoch = { seconds: 0n, nanos: 0 };
  const client = { typeUrl: '/x', value: new Uint8Array(0) };
  const refused: readonly [string, object | undefined, string][] = [
    ['without a name', { ...plan, name: '' }, 'name cannot be empty'],
    ['without a plan', undefined, 'name cannot be empty'],
    ['at height 0', { ...plan, height: 0n }, 'height must be greater than 0'],
    ['in the past', { ...plan, height: 1n }, 'upgrade cannot be scheduled in the past'],
    [
      'with a time',
      { ...plan, time: epoch },
      'time-based upgrades have been deprecated in the SDK',
    ],
    [
      'with an IBC client',
      { ...plan, upgradedClientState: client },
      'upgrade logic for IBC has been moved to the IBC module',
    ],
  ];
  for (const [what, given, words] of refused) {
    it(`refuses a plan ${what} (UPG-1)`, () => {
      const { chain, authority } = start();
      chain.nextBlock();
      const refusal = chain.refusal(upgrade, 'softwareUpgrade', { authority, plan: given });
      assert.equal(refusal, `sdk/18: ${words}: invalid request`);
    });
  }

  it('takes a plan for the running height, and not twice one that was made (UPG-1)', () => {
    const { chain, authority } = start();
    chain.send(upgrade, 'softwareUpgrade', { authority, plan: { ...plan, height: 1n } });
    chain.api(upgrade).complete('v2');
    assert.deepEqual(chain.query(upgrade, 'appliedPlan', { name: 'v2' }), { height: 1n });
    assert.deepEqual(chain.query(upgrade, 'appliedPlan', { name: 'v3' }), { height: 0n });
    assert.equal(
      chain.refusal(upgrade, 'softwareUpgrade', { authority, plan }),
      'sdk/18: upgrade with name v2 has already been completed: invalid request',
    );
  });

  it('obeys the authority alone', () => {
    const { chain, authority } = start();
    for (const method of ['softwareUpgrade', 'cancelUpgrade']) {
      assert.equal(
        chain.refusal(upgrade, method, { authority: 'depin1x', plan }),
        `upgrade/6: expected ${authority} got depin1x: expected authority account as only signer for proposal message`,
      );
    }
    assert.deepEqual(chain.query(upgrade, 'authority', {}), { address: authority });
  });

  it('has the account that the genesis names as authority, or that of gov (UPG-8)', () => {
    const { chain, authority } = start();
    assert.equal(authority, chain.environment.addresses.format(moduleAddress('gov')));
    assert.deepEqual(chain.export(upgrade), { authority: '' });
    const named = chain.environment.addresses.format(new Uint8Array(20).fill(7));
    const other = new ModuleHarness({
      modules: [upgrade],
      genesis: { upgrade: { authority: named } },
    });
    assert.deepEqual(other.query(upgrade, 'authority', {}), { address: named });
    assert.deepEqual(other.export(upgrade), { authority: named });
    other.send(upgrade, 'softwareUpgrade', { authority: named, plan });
    assert.match(
      other.refusal(upgrade, 'cancelUpgrade', { authority }) ?? '',
      /^upgrade\/6: expected depin1/,
    );
    assert.equal(other.api(upgrade).plan()?.name, 'v2');
  });

  it('names the field of a genesis whose authority is no address (UPG-8)', () => {
    const genesis = { upgrade: { authority: 'cosmos1x' } };
    assert.throws(
      () => new ModuleHarness({ modules: [upgrade], genesis }),
      /^ChainError: authority: expected .*cosmos1x/,
    );
  });

  it('tells the versions of modules, in the order of their names', () => {
    const { chain } = start();
    chain.api(upgrade).setVersions(
      new Map([
        ['sensors', 3n],
        ['bank', 1n],
      ]),
    );
    assert.deepEqual(chain.query(upgrade, 'moduleVersions', { moduleName: '' }), {
      moduleVersions: [
        { name: 'bank', version: 1n },
        { name: 'sensors', version: 3n },
      ],
    });
    assert.throws(
      () => chain.query(upgrade, 'moduleVersions', { moduleName: 'gold' }),
      /module gold not found: module version not found/,
    );
  });
});
