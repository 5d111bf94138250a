/** Asking about devices of the world, and demanding that a lie is named. */
import { strict as assert } from 'node:assert';
import { type Provider, ProviderError } from '../../lightclient/provider.ts';
import { rememberingVerifier } from '../../lightclient/rememberingVerifier.ts';
import type { StepName } from '../../lightclient/trail.ts';
import { type VerifyDeviceOptions, verifyDevice } from '../../lightclient/verifyDevice.ts';
import { nobleVerifier } from '../../wire/signature.ts';
import { DeviceWorld } from './deviceWorld.ts';
import { devicesOfWorld } from './worldDevices.ts';

// The tests verify the same headers hundreds of times.
const verifier = rememberingVerifier(nobleVerifier);

/** The devices of the world by name. */
export const devices = devicesOfWorld();
/** The chain, made once for all tests. */
export const world = await DeviceWorld.create();

/** Verifies a device through a node, with the trust of the world. */
export function ask(
  provider: Provider,
  deviceId: string,
  change: Partial<VerifyDeviceOptions> = {},
) {
  return verifyDevice({ ...world.options, provider, deviceId, verifier, ...change });
}

/** That it fails at this step and all before it held; gives the detail. */
export async function failsAt(
  step: StepName,
  provider: Provider,
  deviceId = devices.ed25519.id,
): Promise<string> {
  const { verified, steps, report, device } = await ask(provider, deviceId);
  const last = steps.at(-1);
  assert.equal(verified, false, 'it must not be verified');
  assert.deepEqual([last?.name, last?.ok], [step, false], last?.detail);
  assert.ok(steps.slice(0, -1).every(({ ok }) => ok));
  assert.equal(report ?? device, undefined);
  return last?.detail ?? '';
}

/** What a node that is gone answers. */
export function refuses(): never {
  throw new ProviderError('timeout', 'no answer within 5000 ms');
}
