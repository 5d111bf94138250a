/** Devices with real keys of every type, which enrol, change their keys and sign what the verticals let them report. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import type {
  MessageMaker,
  ModuleSimulation,
  SimulatedMessage,
  SimulationWorld,
} from '../../chain/testing/simulation.ts';
import { parseAddress } from '../../wire/address.ts';
import { fromHex, toBase64, toHex, toUtf8 } from '../../wire/bytes.ts';
import { enrolmentBytes } from '../../wire/enrolment.ts';
import { sha256 } from '../../wire/hash.ts';
import { deviceIdOf, encodeReport } from '../../wire/report.ts';
import type { KeyType } from '../../wire/signature.ts';

const PREFIX = 'depin';
const PROTO_TYPE: Readonly<Record<KeyType, string>> = {
  ed25519: 'KEY_TYPE_ED25519',
  secp256k1: 'KEY_TYPE_SECP256K1',
  p256: 'KEY_TYPE_P256',
};
/** Mostly the kind that is quickest to sign with. */
const KEY_TYPES: readonly KeyType[] = [
  'ed25519',
  'ed25519',
  'ed25519',
  'ed25519',
  'secp256k1',
  'p256',
];

interface DeviceKey {
  readonly type: KeyType;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** What the simulation knows that the chain does not: secret keys, and how far devices have counted. */
interface Secrets {
  keysMade: number;
  /** By public key in base64. */
  readonly keys: Map<string, DeviceKey>;
  /** Highest sequence that a device signed, by id. */
  readonly sequences: Map<string, bigint>;
}

const secretsOf = (world: SimulationWorld): Secrets =>
  world.memory('devices', () => ({ keysMade: 0, keys: new Map(), sequences: new Map() }));

function makeKey(world: SimulationWorld): DeviceKey {
  const secrets = secretsOf(world);
  const secret = sha256(toUtf8(`simulated device ${secrets.keysMade++}`));
  const type = world.random.pick(KEY_TYPES);
  const key: DeviceKey = {
    type,
    publicKey: publicKeyOf(type, secret),
    sign: (message) => signed(type, message, secret),
  };
  secrets.keys.set(toBase64(key.publicKey), key);
  return key;
}

function publicKeyOf(type: KeyType, secret: Uint8Array): Uint8Array {
  if (type === 'ed25519') return ed25519.getPublicKey(secret);
  return (type === 'p256' ? p256 : secp256k1).getPublicKey(secret, true);
}

function signed(type: KeyType, message: Uint8Array, secret: Uint8Array): Uint8Array {
  if (type === 'ed25519') return ed25519.sign(message, secret);
  return (type === 'p256' ? p256 : secp256k1).sign(message, secret, { lowS: true, prehash: true });
}

/** Devices in state that may report. */
export function activeDevices(world: SimulationWorld): readonly JsonObject[] {
  return world.records('devices.devices').filter(({ status }) => status === 'DEVICE_STATUS_ACTIVE');
}

/** The id of a device that a collection of a vertical does not hold yet, mostly; otherwise undefined. */
export function newDeviceFor(collection: string): (world: SimulationWorld) => string | undefined {
  return (world) => {
    const taken = new Set(world.records(collection).map(({ device_id }) => device_id));
    const free = activeDevices(world).filter(({ id }) => id !== undefined && !taken.has(id));
    if (free.length === 0 || world.random.chance(0.2)) return undefined;
    return String(world.random.pick(free).id);
  };
}

/** What a device reports. */
export interface SimulatedReport {
  readonly deviceId: string;
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** A maker of batches of reports, for the simulation of a vertical. */
export function reportMaker(
  weight: number,
  report: (world: SimulationWorld) => SimulatedReport | undefined,
): MessageMaker {
  return {
    makes: ['depin.devices.v1.MsgSubmitReports'],
    weight,
    make(world) {
      const { random } = world;
      const reports = Array.from({ length: random.integer(1, 5) }, () => report(world)).flatMap(
        (each) => (each === undefined ? [] : [signReport(world, each)]),
      );
      const made = reports.filter((each) => each !== undefined);
      if (made.length === 0) return undefined;
      return {
        '@type': '/depin.devices.v1.MsgSubmitReports',
        submitter: random.pick(world.accounts),
        reports: made,
      };
    },
  };
}

/** The report with the next sequence, signed by the key in force; undefined for a device that is not ours. */
function signReport(
  world: SimulationWorld,
  { deviceId, kind, payload }: SimulatedReport,
): JsonObject | undefined {
  const { random } = world;
  const secrets = secretsOf(world);
  const device = world.records('devices.devices').find(({ id }) => id === deviceId);
  const last = (device?.keys as JsonObject[] | undefined)?.at(-1);
  const key = secrets.keys.get(String(last?.public_key));
  if (device === undefined || key === undefined) return undefined;
  const before = secrets.sequences.get(deviceId) ?? BigInt(String(device.sequence));
  const sequence = before + BigInt(random.chance(0.05) ? random.integer(0, 9) : 1);
  secrets.sequences.set(deviceId, sequence);
  const timeMs =
    world.timeMs - BigInt(random.chance(0.1) ? random.integer(-400_000, 4_000_000) : 0);
  const bytes = encodeReport(world.chainId, {
    deviceId: fromHex(deviceId),
    sequence,
    timeMs,
    kind,
    payload,
  });
  const signature = key.sign(bytes);
  if (random.chance(0.03)) signature[7]! ^= 1;
  return {
    device_id: deviceId,
    sequence: sequence.toString(),
    time_ms: timeMs.toString(),
    kind,
    payload: toBase64(payload),
    signature: toBase64(signature),
  };
}

function registerDevice(world: SimulationWorld): SimulatedMessage {
  const owner = world.random.pick(world.accounts);
  const key = makeKey(world);
  const id = toHex(deviceIdOf(key.type, key.publicKey));
  return {
    '@type': '/depin.devices.v1.MsgRegisterDevice',
    owner,
    ...enrolment(world, { key, owner, id }),
  };
}

function rotateKey(world: SimulationWorld): SimulatedMessage | undefined {
  const devices = activeDevices(world);
  if (devices.length === 0) return undefined;
  const { id, owner } = world.random.pick(devices);
  const parts = { key: makeKey(world), owner: String(owner), id: String(id) };
  return {
    '@type': '/depin.devices.v1.MsgRotateKey',
    owner: parts.owner,
    device_id: parts.id,
    ...enrolment(world, parts),
  };
}

/** Seldom: a revoked device is of no more use to anybody. */
function revokeDevice({ records, random }: SimulationWorld): SimulatedMessage | undefined {
  const devices = records('devices.devices');
  if (devices.length === 0) return undefined;
  const { id, owner } = random.pick(devices);
  return {
    '@type': '/depin.devices.v1.MsgRevokeDevice',
    owner: String(owner),
    device_id: String(id),
  };
}

function enrolment(
  { chainId }: SimulationWorld,
  { key, owner, id }: { readonly key: DeviceKey; readonly owner: string; readonly id: string },
): JsonObject {
  const bytes = enrolmentBytes(chainId, parseAddress(PREFIX, owner), id);
  return {
    key_type: PROTO_TYPE[key.type],
    public_key: toBase64(key.publicKey),
    signature: toBase64(key.sign(bytes)),
  };
}

/** Enrolments and new keys; a report of a kind that no vertical takes. */
export const simulation: ModuleSimulation = {
  makers: [
    { makes: ['depin.devices.v1.MsgRegisterDevice'], weight: 1.5, make: registerDevice },
    { makes: ['depin.devices.v1.MsgRotateKey'], weight: 0.3, make: rotateKey },
    { makes: ['depin.devices.v1.MsgRevokeDevice'], weight: 0.2, make: revokeDevice },
    reportMaker(0.1, (world) => {
      const devices = activeDevices(world);
      if (devices.length === 0) return undefined;
      const { id } = world.random.pick(devices);
      const kind = world.random.integer(0, 9);
      return { deviceId: String(id), kind, payload: world.random.bytes(64) };
    }),
  ],
};
