/** The devices that the node lists. Nothing of it is verified: it only saves typing. */
import { type Read, readList, readObject, readText } from '../../wire/json/read.ts';

const URL_OF_LIST = '/depin/devices/v1/devices?pagination.limit=200';
const MAX_LISTED = 200;

/** A device as the node lists it. */
export interface ListedDevice {
  readonly id: string;
  readonly label: string;
}

const readDevice: Read<ListedDevice> = (json, path) => {
  const field = readObject(json, path);
  const id = field('id', readText);
  const sequence = field('sequence', readText);
  const isRevoked = field('revoked_height', readText) !== '0';
  const reports = isRevoked ? 'revoked' : `report ${sequence}`;
  return { id, label: `${id.slice(0, 8)}…${id.slice(-4)} · ${reports}` };
};

/** @throws Error when the node does not serve it. */
export async function listDevices(): Promise<readonly ListedDevice[]> {
  const response = await fetch(URL_OF_LIST);
  if (!response.ok) throw new Error(`devices: the node answers ${response.status}`);
  const field = readObject(await response.json(), 'devices');
  return field('devices', readList(readDevice, MAX_LISTED));
}
