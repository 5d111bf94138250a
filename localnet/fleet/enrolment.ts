/** Enrols what the chain does not know yet: devices under their owners, and stations, hotspots and providers. */
import { parseAddress } from '../../wire/address.ts';
import { enrolmentBytes } from '../../wire/enrolment.ts';
import { KeyType } from '../../wire/gen/depin/devices/v1/devices.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import type { Actor, Device } from './device.ts';
import { pack } from './messages.ts';
import type { ChainRecords } from './records.ts';
import { type Sender, STOPPED } from './sender.ts';
import type { Tally } from './tally.ts';

/** A part of the fleet that can be registered as what it is. */
export type Enrollable = Actor & { registration(owner: string): Any };

export interface EnrolmentOptions {
  readonly chainId: string;
  readonly prefix: string;
  readonly owners: readonly Sender[];
  readonly records: ChainRecords;
  readonly tally: Tally;
  /** Told of each part that the chain knows now. */
  readonly onEnrolled: (part: Enrollable) => void;
}

/** Devices of one transaction: two messages each keep it far below the size that a node takes. */
const DEVICES_PER_TX = 20;
const KEY_TYPES = {
  ed25519: KeyType.KEY_TYPE_ED25519,
  secp256k1: KeyType.KEY_TYPE_SECP256K1,
  p256: KeyType.KEY_TYPE_P256,
} as const;

/** Enrols the parts, each owner's in turn. What fails is counted and left out. */
export async function enrol(
  parts: readonly Enrollable[],
  options: EnrolmentOptions,
): Promise<void> {
  const missing: Enrollable[] = [];
  for (const part of parts) {
    if (messagesFor(part, options).length === 0) options.onEnrolled(part);
    else missing.push(part);
  }
  await Promise.all(
    options.owners.map((owner, index) =>
      enrolOwned(
        owner,
        missing.filter(({ device }) => device.plan.owner === index),
        options,
      ),
    ),
  );
}

async function enrolOwned(
  owner: Sender,
  parts: readonly Enrollable[],
  options: EnrolmentOptions,
): Promise<void> {
  for (let start = 0; start < parts.length; start += DEVICES_PER_TX) {
    const batch = parts.slice(start, start + DEVICES_PER_TX);
    const outcome = await owner.send(batch.flatMap((part) => messagesFor(part, options)));
    if (outcome.tx !== undefined) options.tally.noteTx(outcome.tx, 0);
    if (outcome.ok) for (const part of batch) options.onEnrolled(part);
    else if (outcome.reason === STOPPED) return;
    else options.tally.noteFailure(outcome.reason);
  }
}

/** What is still to be said to the chain about a part; a revoked device says nothing any more. */
function messagesFor(part: Enrollable, options: EnrolmentOptions): Any[] {
  const { device } = part;
  const { records } = options;
  const owner = options.owners[device.plan.owner]!.address;
  const messages: Any[] = [];
  if (!records.devices.has(device.id)) messages.push(registration(device, owner, options));
  const known = {
    station: records.stations,
    hotspot: records.hotspots,
    provider: records.providers,
  }[device.kind];
  if (!known.has(device.id) && !device.isRevoked) messages.push(part.registration(owner));
  return messages;
}

/** The device signs that it means this owner on this chain. */
function registration(
  { key }: Device,
  owner: string,
  { chainId, prefix }: Pick<EnrolmentOptions, 'chainId' | 'prefix'>,
): Any {
  const bytes = enrolmentBytes(chainId, parseAddress(prefix, owner), key.id);
  return pack.registerDevice({
    owner,
    keyType: KEY_TYPES[key.keyType],
    publicKey: key.publicKey,
    signature: key.sign(bytes),
  });
}
