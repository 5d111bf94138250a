/** How a device of the fleet cheats. Which one does, and how, follows from the seed. */
import type { Random } from './random.ts';

export type DeviceKind = 'station' | 'hotspot' | 'provider';

/**
 * - `replay`: hands in a report a second time;
 * - `forgery`: signs with a key that is not the device's;
 * - `revoked`: goes on reporting after its owner has revoked it;
 * - `spoofedCell`: reports from another cell than the registered one;
 * - `stuckSensor`: sends one reading for ever;
 * - `outOfRange`: measures what its model cannot, or sends with more power than is allowed;
 * - `falseLocation`: asserts to stand far away from where it does, and claims to hear its neighbours louder still.
 */
export type Cheat =
  | 'replay'
  | 'forgery'
  | 'revoked'
  | 'spoofedCell'
  | 'stuckSensor'
  | 'outOfRange'
  | 'falseLocation';

/** What each kind of device can do. */
export const CHEATS: Readonly<Record<DeviceKind, readonly Cheat[]>> = {
  station: ['replay', 'forgery', 'stuckSensor', 'spoofedCell', 'revoked', 'outOfRange'],
  hotspot: ['falseLocation', 'outOfRange', 'spoofedCell', 'replay', 'forgery', 'revoked'],
  provider: ['forgery', 'replay'],
};

/**
 * The cheat of a device, undefined for an honest one: of every `every` devices in a row a seeded one cheats, and
 * cheaters in a row take different ways. 0 makes all honest. It depends on the seed and the index alone.
 */
export function cheatOf(
  random: Random,
  device: { readonly index: number; readonly kind: DeviceKind },
  every: number,
): Cheat | undefined {
  if (every === 0) return undefined;
  const run = Math.floor(device.index / every);
  const chosen = random.fork(`cheater/${run}`).integer(0, every - 1);
  if (device.index % every !== chosen) return undefined;
  const ways = CHEATS[device.kind];
  return ways[(random.fork('cheats').integer(0, 1000) + run) % ways.length];
}

/** Whether a cheater misbehaves in the n-th report: not in each, or nobody would believe the others. */
export function isCheatingNow(cheat: Cheat | undefined, sequence: bigint): boolean {
  switch (cheat) {
    case 'stuckSensor':
    case 'falseLocation':
      return true;
    case 'replay':
    case 'forgery':
    case 'spoofedCell':
    case 'outOfRange':
      return sequence % 3n === 2n;
    default:
      return false;
  }
}
