import type { Refuse } from '../../chain/module/defineModule.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { equalBytes, fromHex } from '../../wire/bytes.ts';
import type { Device, Params, Refusal } from '../../wire/gen/depin/devices/v1/devices.ts';
import type { GenesisState } from '../../wire/gen/depin/devices/v1/genesis.ts';
import type { DevicesContext, DevicesView } from './context.ts';
import { keyFingerprint, publicKeyOf } from './identity.ts';

/** Clocks as the data networks allow them: five minutes ahead, an hour late. */
export const DEFAULT_PARAMS: Params = {
  maxBatchReports: 256,
  maxDeviceKeys: 16,
  maxClockDriftMs: 300_000n,
  maxReportAgeMs: 3_600_000n,
};

export function checkDevice({ addresses }: DevicesContext, device: Device, refuse: Refuse): void {
  addresses.parse(device.owner, refuse.at('owner'));
  if (device.keys.length === 0) throw refuse('keys', 'expected a key');
}

/** How often reports were refused, by reason. */
export const refusalCounts = {
  *read({ state }: DevicesView): Iterable<Refusal> {
    for (const [reason, count] of state.refusals.entries()) yield { reason, count };
  },
  write({ state }: DevicesContext, { reason, count }: Refusal, refuse: Refuse): void {
    if (state.refusals.has(reason)) throw refuse('reason', 'stands twice');
    state.refusals.set(reason, count);
  },
};

/** The registry of keys and the next batch follow from devices and batches. */
export function startFromGenesis(context: DevicesContext, genesis: GenesisState): void {
  const { state } = context;
  genesis.devices.forEach((device, i) => {
    for (const key of device.keys) {
      publicKeyOf(context, key);
      const fingerprint = keyFingerprint(key);
      if (state.keys.has(fingerprint)) throw context.fail.KeyTaken(`devices[${i}].keys`);
      state.keys.set(fingerprint, fromHex(device.id));
    }
  });
  let next = 1n;
  for (const { id } of genesis.batches) if (id >= next) next = id + 1n;
  state.nextBatch.set(next);
}

/** Invariant: the registry holds each key of each device and no others. */
export function keyRegistryHolds({ state }: DevicesView): boolean | string {
  let keys = 0;
  for (const [id, device] of state.devices.entries()) {
    for (const key of device.keys) {
      const holder = state.keys.get(keyFingerprint(key));
      if (holder === undefined || !equalBytes(holder, fromHex(id))) return `a key of device ${id}`;
      keys++;
    }
  }
  for (const _entry of state.keys.entries()) keys--;
  return keys === 0 || `${-keys} keys are reserved for no device`;
}

/** @throws ChainError sdk/18 naming the parameter that is out of bounds. */
export function checkParams(params: Params): Params {
  const { maxBatchReports, maxDeviceKeys } = params;
  if (maxBatchReports < 1 || maxBatchReports > 4096) {
    throw sdkError(
      'invalidRequest',
      `params.max_batch_reports: expected 1 to 4096, got ${maxBatchReports}`,
    );
  }
  if (maxDeviceKeys < 1 || maxDeviceKeys > 256) {
    throw sdkError(
      'invalidRequest',
      `params.max_device_keys: expected 1 to 256, got ${maxDeviceKeys}`,
    );
  }
  return params;
}
