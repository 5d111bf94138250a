import assert from 'node:assert/strict';
import { cellToIndex } from '../../chain/math/h3.ts';
import { moduleAddress } from '../../wire/address.ts';
import { EventEpochPaid, EventRewardPaid } from '../../wire/gen/depin/sensors/v1/events.ts';
import { RewardOutcome } from '../../wire/gen/depin/sensors/v1/sensors.ts';
import { bank } from '../bank/module.ts';
import { sensors } from './module.ts';
import {
  balance,
  epoch,
  OTHER_CELL,
  OTHER_OWNER,
  reading,
  reward,
  start,
  station,
  submit,
} from './testing/stations.ts';

describe('sensors: epochs', () => {
  it('mints the pool, pays owners by score and carries the rest', () => {
    const harness = start();
    const [good, poor] = [station(harness, 1), station(harness, 2, OTHER_OWNER)];
    submit(harness, reading(harness, good), reading(harness, poor, { pressure: 0 }));
    harness.nextBlock(60);
    harness.nextBlock();
    assert.deepEqual([balance(harness, 1), balance(harness, 2)], [538n, 461n]);
    const { current, ended } = epoch(harness);
    assert.deepEqual([current?.number, current?.carried], [2n, '1']);
    assert.deepEqual(
      [ended?.minted, ended?.paid, ended?.carriedOut, ended?.rewarded],
      ['1000', '999', '1', 2],
    );
    assert.equal(harness.emitted(EventRewardPaid).length, 2);
    assert.deepEqual(
      harness.emitted(EventEpochPaid).map(({ pool, paid }) => [pool, paid]),
      [['1000', '999']],
    );
    assert.equal(reward(harness, poor.id).amount, '461');
    assert.equal(reward(harness, good.id).outcome, RewardOutcome.REWARD_OUTCOME_PAID);
  });

  it('carries the whole pool when nobody reported, and pays it later', () => {
    const harness = start();
    harness.nextBlock(60);
    harness.nextBlock();
    assert.equal(epoch(harness).ended?.carriedOut, '1000');
    submit(harness, reading(harness, station(harness, 1)));
    harness.nextBlock(59);
    harness.nextBlock();
    assert.equal(balance(harness, 1), 2_000n);
    assert.equal(harness.api(bank).balance(moduleAddress('sensors'), 'udepin'), 0n);
  });

  it('ends at the time and not before, on a grid that late blocks do not move', () => {
    const harness = start();
    const startNs = epoch(harness).current!.startTimeNs;
    harness.nextBlock(59.999);
    harness.nextBlock(0.001);
    assert.equal(epoch(harness).current?.number, 1n);
    harness.nextBlock(250);
    assert.equal(epoch(harness).current?.number, 2n);
    harness.nextBlock();
    const { current } = epoch(harness);
    assert.deepEqual([current?.number, current?.startTimeNs], [3n, startNs + 300_000_000_000n]);
    assert.equal(harness.api(bank).supply('udepin'), 2_000n);
  });

  it('rewards the first registered of a full cell, and others elsewhere', () => {
    const harness = start({ cellCapacity: 1 });
    const [first, second] = [station(harness, 2), station(harness, 1)];
    const third = station(harness, 3, OTHER_OWNER, OTHER_CELL);
    submit(
      harness,
      reading(harness, first),
      reading(harness, second),
      reading(harness, third, { cell: cellToIndex(OTHER_CELL) }),
    );
    harness.nextBlock(60);
    harness.nextBlock();
    assert.deepEqual([balance(harness, 1), balance(harness, 2)], [500n, 500n]);
    const { outcome, rank } = reward(harness, second.id);
    assert.deepEqual([outcome, rank], [RewardOutcome.REWARD_OUTCOME_CELL_FULL, 2]);
  });

  it('forgets epochs that are too old', () => {
    const harness = start({ keptEpochs: 1 });
    const device = station(harness, 1);
    submit(harness, reading(harness, device));
    harness.nextBlock(60);
    harness.nextBlock(60);
    assert.equal(reward(harness, device.id, 1n).amount, '1000');
    harness.nextBlock(60);
    const missing = { deviceId: device.id, epoch: 1n };
    assert.throws(() => harness.query(sensors, 'reward', missing), /or forgotten: not found/);
    assert.throws(() => harness.query(sensors, 'epoch', { number: 1n }), /epoch 1: not ended/);
    assert.equal(epoch(harness, 2n).ended?.paid, '0');
  });
});
