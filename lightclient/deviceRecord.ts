/** What the chain's state says about a device, and by which key its reports are signed. */
import { equalBytes, fromHex, toHex } from '../wire/bytes.ts';
import { DEVICES_STORE, deviceKey } from '../wire/deviceKeys.ts';
import { deviceIdOf } from '../wire/report.ts';
import type { KeyType } from '../wire/signature.ts';
import { type Device, type DeviceKey, deviceCodec, STATUS_ACTIVE } from './deviceMessages.ts';
import type { QueryAnswer } from './provider.ts';
import { verifyStoreAnswer } from './storeProof.ts';
import { refusalText, StepFailure } from './trail.ts';

/** The names of key types in wire/, by their number in the protobuf. */
const KEY_TYPE_NAMES: Readonly<Record<number, KeyType>> = {
  1: 'ed25519',
  2: 'secp256k1',
  3: 'p256',
};

/**
 * A device that may report; or why it may not. `isProven` says that state proves it, so that no other node
 * can say otherwise of this height.
 */
export type RecordFinding =
  | { readonly ok: true; readonly device: Device }
  | {
      readonly ok: false;
      readonly isProven: boolean;
      readonly detail: string;
      readonly device?: Device;
    };

interface RecordClaim {
  readonly appHash: Uint8Array;
  readonly height: bigint;
  readonly deviceId: string;
}

/** What the answer proves about the device under the AppHash. Never throws. */
export function findRecord(claim: RecordClaim, answer: QueryAnswer): RecordFinding {
  const key = deviceKey(claim.deviceId);
  const proven = verifyStoreAnswer({ ...claim, store: DEVICES_STORE, key }, answer);
  if (!proven.ok) {
    const isDenied = answer.value.length === 0 && answer.proofOps.length === 0;
    const claimText = isDenied ? 'not registered, as the node says without a proof: ' : '';
    return { ok: false, isProven: false, detail: `${claimText}${refusalText(proven)}` };
  }
  if (proven.value === undefined) {
    const detail = `not registered at height ${claim.height}: its absence is proven`;
    return { ok: false, isProven: true, detail };
  }
  try {
    const device = deviceCodec.decode(proven.value);
    return judgeRecord(claim.deviceId, device);
  } catch (error) {
    return {
      ok: false,
      isProven: true,
      detail: error instanceof Error ? error.message : 'damaged',
    };
  }
}

function judgeRecord(deviceId: string, device: Device): RecordFinding {
  if (device.id !== deviceId) throw new StepFailure(`the record is of ${device.id}`);
  checkKeys(device);
  if (device.status === STATUS_ACTIVE && device.revokedHeight === 0n) {
    return { ok: true, device };
  }
  const detail = `revoked at height ${device.revokedHeight}`;
  return { ok: false, isProven: true, detail, device };
}

/** A device is known by its first key, and each key follows the one before. */
function checkKeys({ id, keys }: Device): void {
  const first = keys[0];
  if (first === undefined) throw new StepFailure('the record holds no key');
  const derived = deviceIdOf(keyTypeOf(first), first.publicKey);
  if (!equalBytes(derived, fromHex(id, 'device.id'))) {
    throw new StepFailure(`the first key is of device ${toHex(derived)}, expected ${id}`);
  }
  for (const [index, key] of keys.entries()) {
    const before = keys[index - 1];
    if (before !== undefined && key.fromSequence <= before.fromSequence) {
      throw new StepFailure(`key ${index} does not follow the one before`);
    }
  }
}

/** The name in wire/ of a key's type. @throws StepFailure for an unknown one. */
export function keyTypeOf(key: DeviceKey): KeyType {
  const name = KEY_TYPE_NAMES[key.type];
  if (name === undefined) throw new StepFailure(`unknown key type ${key.type}`);
  return name;
}

/** The key that signs the report with this sequence. @throws StepFailure when none did yet. */
export function keyInForce({ keys }: Device, sequence: bigint): DeviceKey {
  const key = keys.findLast((candidate) => candidate.fromSequence <= sequence);
  if (key === undefined) throw new StepFailure(`no key was in force for sequence ${sequence}`);
  return key;
}
