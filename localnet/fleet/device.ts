/** A device of the fleet: its key, its place, and the reports that it signs. */
import type { SignedReport } from '../../wire/gen/depin/devices/v1/devices.ts';
import { sha256 } from '../../wire/hash.ts';
import { encodeReport, type Report } from '../../wire/report.ts';
import type { ReportKind } from '../../wire/reportPayload.ts';
import { type Cheat, type DeviceKind, isCheatingNow } from './cheats.ts';
import { type DeviceKey, makeDeviceKey } from './deviceKey.ts';
import type { DevicePlan } from './roster.ts';

/** A report on its way to a gateway. */
export interface PendingReport {
  readonly device: Device;
  readonly signed: SignedReport;
  /** SHA-256 of the canonical report. */
  readonly hash: Uint8Array;
  /** Told when the chain has accepted it, with the time of that. */
  readonly onAccepted?: ((nowMs: number) => void) | undefined;
}

/** What a device wants to say. */
export interface Statement {
  readonly kind: ReportKind;
  readonly payload: Uint8Array;
  /** By the clock of the device, in milliseconds since the Unix epoch. */
  readonly timeMs: number;
  readonly onAccepted?: (nowMs: number) => void;
}

/** Part of the fleet that runs by itself: a station, a hotspot or a provider. */
export interface Actor {
  readonly device: Device;
  /** When it wants to act next, in milliseconds since the Unix epoch. */
  readonly dueMs: number;
  act(nowMs: number): readonly PendingReport[];
}

/** A cheater that is to be revoked reports so often before. */
const REPORTS_BEFORE_REVOCATION = 3;

export class Device {
  readonly plan: DevicePlan;
  readonly key: DeviceKey;
  readonly #chainId: string;
  /** Of the newest report; the chain may know an older one. */
  #sequence = 0n;
  #last: PendingReport | undefined;
  #accepted = 0;
  isRevoked = false;

  constructor(plan: DevicePlan, chainId: string) {
    this.plan = plan;
    this.#chainId = chainId;
    this.key = makeDeviceKey(plan.keyType, plan.random.fork('key'));
  }

  get id(): string {
    return this.key.id;
  }

  get kind(): DeviceKind {
    return this.plan.kind;
  }

  get sequence(): bigint {
    return this.#sequence;
  }

  /** Goes on from what the chain knows; never back. */
  resume(sequence: bigint): void {
    if (sequence > this.#sequence) this.#sequence = sequence;
  }

  /** Whether the next report is one to cheat in, in the given way. */
  isCheating(cheat: Cheat): boolean {
    return this.plan.cheat === cheat && isCheatingNow(cheat, this.#sequence + 1n);
  }

  /** Whether the owner should revoke the device now. */
  get isDueForRevocation(): boolean {
    const isTime = this.#accepted >= REPORTS_BEFORE_REVOCATION;
    return this.plan.cheat === 'revoked' && !this.isRevoked && isTime;
  }

  /** Whether the chain has accepted a report of it since the fleet was started. */
  get isHeard(): boolean {
    return this.#accepted > 0;
  }

  noteAccepted(): void {
    this.#accepted++;
  }

  /** The signed report of a statement; a cheater's may be forged, or come with an old one. */
  report(statement: Statement): readonly PendingReport[] {
    const isForged = this.isCheating('forgery');
    const isReplayed = this.isCheating('replay');
    const old = this.#last;
    const { kind, payload, timeMs, onAccepted } = statement;
    this.#sequence++;
    const report: Report = {
      deviceId: this.key.deviceId,
      sequence: this.#sequence,
      timeMs: BigInt(Math.floor(timeMs)),
      kind,
      payload,
    };
    const bytes = encodeReport(this.#chainId, report);
    const key = isForged ? this.#foreignKey() : this.key;
    const signed = { ...report, deviceId: this.id, signature: key.sign(bytes) };
    const pending = { device: this, signed, hash: sha256(bytes), onAccepted };
    this.#last = pending;
    return isReplayed && old !== undefined
      ? [pending, { ...old, onAccepted: undefined }]
      : [pending];
  }

  #foreignKey(): DeviceKey {
    return makeDeviceKey(this.plan.keyType, this.plan.random.fork('foreign key'));
  }
}
