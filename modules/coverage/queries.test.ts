import assert from 'node:assert/strict';
import { ChainError } from '../../chain/module/errors.ts';
import { toHex } from '../../wire/bytes.ts';
import type {
  QueryBeaconsResponse,
  QueryHotspotsResponse,
  QueryRewardsResponse,
} from '../../wire/gen/depin/coverage/v1/query.ts';
import { beaconKey, epochKey, hotspotKey, rewardKey, witnessKey } from './keys.ts';
import { coverage } from './module.ts';
import { CoverageNetwork, FAST } from './testing/network.ts';

const page = (limit: bigint, key = new Uint8Array(0)) => ({
  key,
  offset: 0n,
  limit,
  countTotal: false,
  reverse: false,
});

describe('coverage: queries', () => {
  const network = new CoverageNetwork();
  const hotspots = ['ada', 'bob', 'cyd'].map((name, i) => network.hotspot(name, 2_000 * i));
  const [ada, bob] = [hotspots[0]!, hotspots[1]!];
  const hashes: string[] = [];
  before(() => {
    for (let i = 0; i < 3; i++) {
      hashes.push(network.open(ada));
      network.submit(network.witnessOf(bob, hashes[i]!));
      network.harness.nextBlock(10);
    }
  });

  it('gives the parameters', () => {
    assert.deepEqual(network.harness.query(coverage, 'params', {}), { params: FAST });
  });

  it('pages through all hotspots in the order of their ids', () => {
    const seen: string[] = [];
    let key = new Uint8Array(0);
    do {
      const request = { pagination: page(2n, key) };
      const answer = network.harness.query(coverage, 'hotspots', request) as QueryHotspotsResponse;
      seen.push(...answer.hotspots.map(({ deviceId }) => deviceId));
      key = new Uint8Array(answer.pagination?.nextKey ?? []);
    } while (key.length > 0);
    assert.deepEqual(seen, hotspots.map(({ id }) => id).sort());
  });

  it('pages through the beacons of a hotspot from the oldest on', () => {
    const seen: string[] = [];
    let key = new Uint8Array(0);
    do {
      const request = { deviceId: ada.id, pagination: page(2n, key) };
      const answer = network.harness.query(coverage, 'beacons', request) as QueryBeaconsResponse;
      seen.push(...answer.beacons.map(({ hash }) => hash));
      key = new Uint8Array(answer.pagination?.nextKey ?? []);
    } while (key.length > 0);
    assert.deepEqual(seen, hashes);
    const none = { deviceId: bob.id, pagination: undefined };
    const answer = network.harness.query(coverage, 'beacons', none) as QueryBeaconsResponse;
    assert.deepEqual(answer.beacons, []);
  });

  it('gives the scores of the current epoch before they are paid', () => {
    const request = { epoch: 0n, pagination: undefined };
    const { rewards } = network.harness.query(coverage, 'rewards', request) as QueryRewardsResponse;
    assert.deepEqual(
      rewards.map(({ deviceId, units, beacons, witnesses }) => [
        deviceId,
        units,
        beacons,
        witnesses,
      ]),
      [
        [ada.id, 5_000n, 2, 0],
        [bob.id, 20_000n, 0, 2],
      ].sort(),
    );
  });

  const unknown: readonly [string, object, RegExp][] = [
    ['hotspot', { deviceId: 'ff'.repeat(20) }, /device has asserted no location/],
    ['hotspot', { deviceId: 'FF' }, /expected 40 hex digits, got "FF"/],
    ['beacon', { hash: 'ff'.repeat(32) }, /beacon f{64}: not found/],
    ['beacon', { hash: `${'f'.repeat(63)}g` }, /expected 64 hex digits/],
    ['beacon', { hash: '' }, /expected 64 hex digits, got ""/],
    ['beacons', { deviceId: '', pagination: undefined }, /expected 40 hex digits/],
    ['epoch', { number: 2n }, /epoch 2: not found/],
    ['epoch', { number: (1n << 64n) - 1n }, /not found/],
    ['reward', { deviceId: ada.id, epoch: 9n }, /earned nothing in 9/],
    ['reward', { deviceId: 'x', epoch: 1n }, /expected 40 hex digits/],
  ];
  for (const [method, request, expected] of unknown) {
    it(`answers an error for an unknown ${method}: ${expected.source}`, () => {
      assert.throws(
        () => network.harness.query(coverage, method, request),
        (error: unknown) => error instanceof ChainError && expected.test(error.message),
      );
    });
  }
});

describe('coverage: keys', () => {
  it('are the prefix and the parts in order, as a client proves them', () => {
    const [device, hash] = ['ab'.repeat(20), 'cd'.repeat(32)];
    assert.equal(toHex(hotspotKey(device)), `01${device}`);
    assert.equal(toHex(beaconKey(hash)), `02${hash}`);
    assert.equal(toHex(witnessKey(hash, device)), `03${hash}${device}`);
    assert.equal(toHex(epochKey(258n)), '070000000000000102');
    assert.equal(toHex(rewardKey(1n, device)), `080000000000000001${device}`);
    assert.throws(() => hotspotKey('ab'), TypeError);
    assert.throws(() => beaconKey(device), TypeError);
  });
});
