import { sdkError } from '../../chain/module/errors.ts';
import { equalBytes, fromHex } from '../../wire/bytes.ts';
import type { Params } from '../../wire/gen/depin/devices/v1/devices.ts';
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

/** The registry of keys and the index of owners follow from the devices. */
export function initGenesis(context: DevicesContext, genesis: GenesisState): void {
  const { state, setParams, addresses } = context;
  setParams(checkParams(genesis.params ?? DEFAULT_PARAMS));
  genesis.devices.forEach((device, i) => {
    const field = `devices[${i}]`;
    addresses.parse(device.owner, `${field}.owner`);
    if (device.keys.length === 0) throw sdkError('invalidRequest', `${field}.keys: expected a key`);
    if (state.devices.has(device.id)) {
      throw sdkError('invalidRequest', `${field}.id: ${device.id} stands twice`);
    }
    for (const key of device.keys) {
      publicKeyOf(context, key);
      const fingerprint = keyFingerprint(key);
      if (state.keys.has(fingerprint)) throw context.fail.KeyTaken(`${field}.keys`);
      state.keys.set(fingerprint, fromHex(device.id));
    }
    state.devices.set(device.id, device);
  });
  let next = 1n;
  for (const batch of genesis.batches) {
    state.batches.set(batch.id, batch);
    if (batch.id >= next) next = batch.id + 1n;
  }
  state.nextBatch.set(next);
  for (const { reason, count } of genesis.refusals) state.refusals.set(reason, count);
}

export function exportGenesis({ state, params }: DevicesView): GenesisState {
  return {
    params,
    devices: [...state.devices.entries()].map(([, device]) => device),
    batches: [...state.batches.entries()].map(([, batch]) => batch),
    refusals: [...state.refusals.entries()].map(([reason, count]) => ({ reason, count })),
  };
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

function checkParams(params: Params): Params {
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
