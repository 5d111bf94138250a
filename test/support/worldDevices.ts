/** Devices of every kind of key and fate, with the reports that they signed. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { CHAIN_ID } from '../../lightclient/testing/chain.ts';
import { fromHex, toHex, toUtf8 } from '../../wire/bytes.ts';
import {
  type Device,
  DeviceStatus,
  type SignedReport,
} from '../../wire/gen/depin/devices/v1/devices.ts';
import { sha256 } from '../../wire/hash.ts';
import { deviceIdOf, encodeReport, reportLeaf } from '../../wire/report.ts';
import type { KeyType } from '../../wire/signature.ts';

const CURVES = { ed25519, secp256k1, p256 } as const;
const KEY_TYPE_NUMBER = { ed25519: 1, secp256k1: 2, p256: 3 } as const;

interface DeviceSecret {
  readonly keyType: KeyType;
  readonly secret: Uint8Array;
  readonly fromSequence: bigint;
}

/** A device of the world: its keys by sequence, and what it reported. */
export interface WorldDevice {
  readonly id: string;
  readonly keys: readonly DeviceSecret[];
  readonly revokedHeight: bigint;
  readonly reports: readonly SignedReport[];
}

interface DevicePlan {
  readonly keys: readonly (readonly [KeyType, bigint])[];
  readonly sequences: readonly bigint[];
  readonly revokedHeight?: bigint;
  /** Signs with its first key whatever the sequence. */
  readonly keepsFirstKey?: boolean;
}

function deviceOf(name: string, plan: DevicePlan): WorldDevice {
  const keys = plan.keys.map(([keyType, fromSequence], index): DeviceSecret => {
    return { keyType, secret: sha256(toUtf8(`${name} ${index}`)), fromSequence };
  });
  const id = toHex(deviceIdOf(keys[0]!.keyType, publicKeyOf(keys[0]!)));
  const reports = plan.sequences.map((sequence) => {
    const inForce = keys.findLast((key) => key.fromSequence <= sequence)!;
    return reportOf(id, sequence, plan.keepsFirstKey ? keys[0]! : inForce);
  });
  return { id, keys, revokedHeight: plan.revokedHeight ?? 0n, reports };
}

function publicKeyOf({ keyType, secret }: DeviceSecret): Uint8Array {
  return CURVES[keyType].getPublicKey(secret);
}

function reportOf(deviceId: string, sequence: bigint, key: DeviceSecret): SignedReport {
  const payload = Uint8Array.from({ length: 64 }, (_, index) => index);
  const report = { deviceId, sequence, timeMs: 1_704_067_200_000n + sequence, kind: 4, payload };
  const bytes = encodeReport(CHAIN_ID, { ...report, deviceId: fromHex(deviceId) });
  return { ...report, signature: CURVES[key.keyType].sign(bytes, key.secret) };
}

/** The devices by what is special about each. */
export function devicesOfWorld() {
  return {
    ed25519: deviceOf('a', { keys: [['ed25519', 0n]], sequences: [1n, 4n] }),
    secp256k1: deviceOf('b', { keys: [['secp256k1', 0n]], sequences: [3n] }),
    p256: deviceOf('c', { keys: [['p256', 0n]], sequences: [1n] }),
    rotated: deviceOf('d', {
      keys: [
        ['ed25519', 0n],
        ['p256', 5n],
      ],
      sequences: [4n, 5n],
    }),
    oldKey: deviceOf('e', {
      keys: [
        ['ed25519', 0n],
        ['ed25519', 5n],
      ],
      sequences: [5n],
      keepsFirstKey: true,
    }),
    revoked: deviceOf('f', { keys: [['ed25519', 0n]], sequences: [1n], revokedHeight: 7n }),
    silent: deviceOf('g', { keys: [['ed25519', 0n]], sequences: [] }),
    alone: deviceOf('h', { keys: [['secp256k1', 0n]], sequences: [9n] }),
  };
}

/** Which reports each batch holds, as device and place in its reports. Batches count from 1. */
const BATCHES: readonly (readonly (readonly [
  keyof ReturnType<typeof devicesOfWorld>,
  number,
])[])[] = [
  [
    ['ed25519', 0],
    ['p256', 0],
    ['rotated', 0],
  ],
  [
    ['secp256k1', 0],
    ['ed25519', 1],
    ['rotated', 1],
    ['oldKey', 0],
    ['revoked', 0],
  ],
  [['alone', 0]],
];

/** A report with the batch that holds it. */
export interface PlacedReport {
  readonly report: SignedReport;
  readonly batchId: bigint;
  readonly index: number;
  readonly leaves: readonly Uint8Array[];
}

/** All reports in the order in which the chain took them. */
export function placeReports(devices: ReturnType<typeof devicesOfWorld>): PlacedReport[] {
  return BATCHES.flatMap((batch, batchIndex) => {
    const reports = batch.map(([name, at]) => devices[name].reports[at]!);
    const leaves = reports.map((report) => {
      const id = fromHex(report.deviceId);
      return reportLeaf(encodeReport(CHAIN_ID, { ...report, deviceId: id }), report.signature);
    });
    const batchId = BigInt(batchIndex + 1);
    return reports.map((report, index) => ({ report, batchId, index, leaves }));
  });
}

/** The record of a device after these reports. */
export function recordOf(device: WorldDevice, placed: readonly PlacedReport[]): Device {
  const last = placed.findLast(({ report }) => report.deviceId === device.id);
  const isRevoked = device.revokedHeight !== 0n;
  return {
    id: device.id,
    owner: 'depin1owner',
    status: isRevoked ? DeviceStatus.DEVICE_STATUS_REVOKED : DeviceStatus.DEVICE_STATUS_ACTIVE,
    keys: device.keys.map((key) => ({
      type: KEY_TYPE_NUMBER[key.keyType],
      publicKey: publicKeyOf(key),
      fromSequence: key.fromSequence,
    })),
    registeredHeight: 2n,
    revokedHeight: device.revokedHeight,
    sequence: last?.report.sequence ?? 0n,
    lastBatch: last?.batchId ?? 0n,
    lastIndex: last?.index ?? 0,
    lastTimeMs: last?.report.timeMs ?? 0n,
  };
}
