/** Devices through a light client with witnesses, and their proofs in one piece, verified without any node. */
import { strict as assert } from 'node:assert';
import {
  bundleFromText,
  bundleToText,
  type DeviceVerification,
  LightClient,
  type LightClientOptions,
  QR_CODE_BYTES,
  verifyProofBundle,
} from '../lightclient/index.ts';
import type { QueryAnswer } from '../lightclient/provider.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { flipped, SECOND } from '../lightclient/testing/chain.ts';
import { STEP_NAMES } from '../lightclient/trail.ts';
import type { LightBlock } from '../lightclient/types.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier } from '../wire/signature.ts';
import { devices, refuses, world } from './support/deviceQuestions.ts';
import { STATE_HEIGHT } from './support/deviceWorld.ts';
import { Tampered } from './support/tamperedNode.ts';

const PERIOD = 3_600n * SECOND;
const verifier = rememberingVerifier(nobleVerifier);
const { chainId, now, trust } = world.options;
const rootOf = ({ signedHeader }: LightBlock) => ({
  height: signedHeader.header.height,
  hash: hashHeader(signedHeader.header),
});
const options = { chainId, now, trusted: trust, trustingPeriod: PERIOD, verifier };

/** An honest node, another object each time: a witness is not the primary. */
const honest = () => new Tampered(world, {});

function clientOf(change: Partial<LightClientOptions> = {}): Promise<LightClient> {
  return LightClient.create({
    chainId,
    primary: honest(),
    witnesses: [honest()],
    trust: { ...trust, period: PERIOD },
    verifier,
    now: () => now,
    wait: async () => undefined,
    ...change,
  });
}

const verified = async (id: string): Promise<DeviceVerification> =>
  (await clientOf()).verifyDevice(id);

function last({ verified: isVerified, steps }: DeviceVerification): string {
  const step = steps.at(-1);
  return isVerified ? 'verified' : `${step?.name}: ${step?.detail}`;
}

describe('LightClient.verifyDevice', () => {
  for (const name of ['ed25519', 'rotated', 'p256'] as const) {
    it(`proves report, record and keys with every step: ${name}`, async () => {
      const result = await verified(devices[name].id.toUpperCase());
      assert.deepEqual(
        result.steps.map(({ name: step, ok }) => [step, ok]),
        STEP_NAMES.map((step) => [step, true]),
        last(result),
      );
      assert.deepEqual(result.report, devices[name].reports.at(-1));
      assert.equal(result.device?.keys.length, devices[name].keys.length);
      assert.equal(result.device?.revokedHeight, 0n);
      assert.equal(result.height, STATE_HEIGHT);
      assert.match(
        result.steps[1]!.detail,
        /1 headers fetched, confirmed by 1 or more of 1 witnesses$/,
      );
    });
  }

  it('says what state itself says of one that is revoked or unknown, and blames no node', async () => {
    const client = await clientOf();
    assert.equal(
      last(await client.verifyDevice(devices.revoked.id)),
      'device record: revoked at height 7',
    );
    assert.match(last(await client.verifyDevice('00'.repeat(20))), /its absence is proven$/);
    assert.match(last(await client.verifyDevice(devices.silent.id)), /no report yet/);
    assert.deepEqual((await client.status()).removed, []);
  });

  it('removes a node whose proof does not hold, and asks the next', async () => {
    const lying = new Tampered(world, { batch: (a) => ({ ...a, value: flipped(a.value) }) });
    const client = await clientOf({ primary: lying, witnesses: [honest(), honest()] });
    assert.equal(last(await client.verifyDevice(devices.ed25519.id)), 'verified');
    assert.match((await client.status()).removed[0]!.why, /^store proof of the batch root: value:/);
  });

  it('keeps a node that does not serve this height any more, and asks the next', async () => {
    for (const part of ['report', 'record', 'batch'] as const) {
      const pruned = new Tampered(world, { [part]: (a: QueryAnswer) => ({ ...a, code: 18 }) });
      const client = await clientOf({ primary: pruned, witnesses: [honest(), honest()] });
      assert.equal(last(await client.verifyDevice(devices.ed25519.id)), 'verified');
      const { primary, removed } = await client.status();
      assert.deepEqual([primary, removed], ['witness 1', []], part);
    }
  });

  it('keeps a node that did not answer, and names the step when none did', async () => {
    const silent = () => new Tampered(world, { record: refuses, report: refuses });
    const client = await clientOf({ primary: silent(), witnesses: [silent()] });
    assert.match(last(await client.verifyDevice(devices.ed25519.id)), /no answer within 5000 ms$/);
    const { removed, witnesses } = await client.status();
    assert.deepEqual([removed, witnesses.length], [[], 1]);
  });

  it('refuses what is no id or height', async () => {
    const client = await clientOf();
    await assert.rejects(client.verifyDevice('00'), TypeError);
    await assert.rejects(client.verifyDevice(devices.ed25519.id, 0n), RangeError);
    assert.equal(last(await client.verifyDevice(devices.ed25519.id, STATE_HEIGHT)), 'verified');
  });
});

describe('verifyProofBundle', () => {
  for (const name of ['ed25519', 'secp256k1', 'rotated', 'alone'] as const) {
    it(`verifies what was exported, from the root and from its own header: ${name}`, async () => {
      const { exportProof, report, device, height, time } = await verified(devices[name].id);
      const whole = exportProof!();
      const bare = exportProof!({ from: 'header' });
      assert.ok(bare.length < whole.length && whole.length < QR_CODE_BYTES, `${whole.length}`);
      for (const [bundle, trusted] of [
        [whole, trust],
        [bundleToText(whole), trust],
        [whole, rootOf(world.target)],
        [bare, rootOf(world.target)],
        [exportProof!({ from: 'commit' }), world.root],
      ] as const) {
        const again = await verifyProofBundle(bundle, { ...options, trusted });
        assert.equal(last(again), 'verified');
        assert.deepEqual(
          [again.report, again.device, again.height, again.time],
          [report, device, height, time],
        );
        assert.equal(again.steps.length, STEP_NAMES.length);
      }
    });
  }

  it('is made to fit by leaving the root out, then the signatures', async () => {
    const { exportProof } = await verified(devices.ed25519.id);
    const sizes = (['root', 'commit', 'header'] as const).map(
      (from) => exportProof!({ from }).length,
    );
    assert.deepEqual(
      sizes.map((maxBytes) => exportProof!({ maxBytes }).length),
      sizes,
    );
    assert.throws(() => exportProof!({ maxBytes: sizes[2]! - 1 }), RangeError);
  });

  it('refuses every byte changed, whatever it is verified from', async () => {
    const { exportProof } = await verified(devices.ed25519.id);
    // A changed vote costs a slow refusal of its signature: not every byte of these is changed.
    for (const [bundle, trusted, step] of [
      [exportProof!(), trust, 7],
      [exportProof!({ from: 'header' }), rootOf(world.target), 1],
      [exportProof!({ from: 'commit' }), world.root, 11],
    ] as const) {
      for (let at = 0; at < bundle.length; at += step) {
        const result = await verifyProofBundle(flipped(bundle, at), { ...options, trusted });
        assert.equal(result.verified, false, `byte ${at} of ${bundle.length}`);
      }
    }
  });

  it('refuses every length but its own', async () => {
    const whole = (await verified(devices.ed25519.id)).exportProof!();
    for (let length = 0; length < whole.length; length += 7) {
      const { steps } = await verifyProofBundle(whole.subarray(0, length), options);
      assert.deepEqual([steps.length, steps[0]!.ok], [1, false]);
    }
    const longer = await verifyProofBundle(Uint8Array.of(...whole, 0), options);
    assert.equal(longer.verified, false);
  });

  it('names why it is not believed', async () => {
    const { exportProof } = await verified(devices.ed25519.id);
    const whole = exportProof!();
    const because = async (change: Partial<typeof options> & { readonly deviceId?: string }) =>
      last(await verifyProofBundle(whole, { ...options, ...change }));
    const hash = flipped(trust.hash);
    assert.match(await because({ trusted: { ...trust, hash } }), /^trusted header: .* nor follows/);
    assert.match(await because({ chainId: 'another' }), /^trusted header: chainId/);
    assert.match(await because({ now: now + PERIOD }), /^trusted header: expired/);
    const other = devices.p256.id;
    assert.match(await because({ deviceId: other }), /^store proof of the batch root: device: got/);
    const bare = exportProof!({ from: 'header' });
    const { steps } = await verifyProofBundle(bare, { ...options, trusted: world.root });
    assert.match(steps.at(-1)!.detail, /holds no signatures/);
  });

  it('refuses a text that is no base64url', () => {
    for (const text of ['a', '+/==', 'a b', 'AB'.repeat(3_000_000)]) {
      assert.throws(() => bundleFromText(text), TypeError);
    }
  });
});
