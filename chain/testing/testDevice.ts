/** A device for tests: an ed25519 key from a small number, which enrols and signs reports for real. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { parseAddress } from '../../wire/address.ts';
import { toBigEndian, toHex } from '../../wire/bytes.ts';
import { enrolmentBytes } from '../../wire/enrolment.ts';
import { KeyType, type SignedReport } from '../../wire/gen/depin/devices/v1/devices.ts';
import type { MsgRegisterDevice } from '../../wire/gen/depin/devices/v1/tx.ts';
import { deviceIdOf, encodeReport, type Report } from '../../wire/report.ts';

export class TestDevice {
  /** 40 hex digits. */
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly chainId: string;
  readonly #id: Uint8Array;
  readonly #secretKey: Uint8Array;
  #sequence = 0n;

  /** Devices with different numbers have different keys. */
  constructor(number: number, chainId = 'depin-test-1') {
    this.chainId = chainId;
    this.#secretKey = toBigEndian(BigInt(number) + 1n, 32);
    this.publicKey = ed25519.getPublicKey(this.#secretKey);
    this.#id = deviceIdOf('ed25519', this.publicKey);
    this.id = toHex(this.#id);
  }

  /** What an owner sends to register this device. */
  enrolment(owner: string): MsgRegisterDevice {
    const bytes = enrolmentBytes(this.chainId, parseAddress('depin', owner), this.id);
    return {
      owner,
      keyType: KeyType.KEY_TYPE_ED25519,
      publicKey: this.publicKey,
      signature: ed25519.sign(bytes, this.#secretKey),
    };
  }

  /** The next report, signed. */
  report(report: Pick<Report, 'kind' | 'payload' | 'timeMs'>): SignedReport {
    this.#sequence++;
    const unsigned = { ...report, deviceId: this.#id, sequence: this.#sequence };
    return {
      deviceId: this.id,
      sequence: this.#sequence,
      timeMs: report.timeMs,
      kind: report.kind,
      payload: report.payload,
      signature: ed25519.sign(encodeReport(this.chainId, unsigned), this.#secretKey),
    };
  }
}
