/** What a running localnet's devices module says, over its REST API. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkFile } from '../../cli/home.ts';

const POLL_MS = 500;

/** A device as the REST API tells it, as far as it is used here. */
interface DeviceJson {
  readonly id: string;
  readonly sequence: string;
  readonly status: string;
}

async function ask(network: NetworkFile, limit: number) {
  const query = `pagination.limit=${limit}&pagination.count_total=true`;
  const response = await fetch(`${network.rest}/depin/devices/v1/devices?${query}`);
  if (!response.ok) throw new Error(`devices: ${response.status} ${await response.text()}`);
  const answer = (await response.json()) as {
    readonly devices: readonly DeviceJson[];
    readonly pagination: { readonly total: string };
  };
  return { devices: answer.devices, total: Number(answer.pagination.total) };
}

/** Waits until so many devices are registered. @throws Error when that takes longer than `timeoutMs`. */
export async function waitForDevices(
  network: NetworkFile,
  count: number,
  timeoutMs: number,
): Promise<void> {
  for (const end = performance.now() + timeoutMs; ; await sleep(POLL_MS)) {
    const { total } = await ask(network, 1);
    if (total >= count) return;
    if (performance.now() > end) {
      throw new Error(`${total} of ${count} devices are registered after ${timeoutMs} ms`);
    }
  }
}

/** Blocks pass until a report that the API shows can be proven, at a block a second. */
const PROVABLE_AFTER_MS = 3000;

/** Ids of active devices whose reports can be proven. @throws Error when there are too few after `timeoutMs`. */
export async function reportingDevices(
  network: NetworkFile,
  count: number,
  timeoutMs: number,
): Promise<string[]> {
  for (const end = performance.now() + timeoutMs; ; await sleep(POLL_MS)) {
    const { devices } = await ask(network, 100);
    const ids = devices
      .filter(({ sequence, status }) => sequence !== '0' && status === 'DEVICE_STATUS_ACTIVE')
      .map(({ id }) => id);
    if (ids.length >= count) {
      await sleep(PROVABLE_AFTER_MS);
      return ids.slice(0, count);
    }
    if (performance.now() > end) {
      throw new Error(`${ids.length} of ${count} devices report after ${timeoutMs} ms`);
    }
  }
}
