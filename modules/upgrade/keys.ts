/** Where the upgrade module keeps its state: the layout of the SDK's x/upgrade. */

/** Name of the store. */
export const UPGRADE_STORE = 'upgrade';

export const UPGRADE_PREFIX = {
  plan: 0,
  /** Height, then name of an upgrade that was made. */
  done: 1,
  /** Versions by module. */
  versions: 2,
  /** How many upgrades were made. */
  protocolVersion: 3,
  /** Address of the account that plans upgrades; away from the bytes that the SDK counts up. */
  authority: 0x80,
} as const;
