/** Devices with real keys of every type, as hardware would hold them. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { toHex } from '../../wire/bytes.ts';
import { enrolmentBytes } from '../../wire/enrolment.ts';
import {
  KeyType as ProtoKeyType,
  type SignedReport,
} from '../../wire/gen/depin/devices/v1/devices.ts';
import { sha256 } from '../../wire/hash.ts';
import { deviceIdOf, encodeReport } from '../../wire/report.ts';
import type { KeyType } from '../../wire/signature.ts';

const PROTO_TYPE: Record<KeyType, ProtoKeyType> = {
  ed25519: ProtoKeyType.KEY_TYPE_ED25519,
  secp256k1: ProtoKeyType.KEY_TYPE_SECP256K1,
  p256: ProtoKeyType.KEY_TYPE_P256,
};

export class TestDevice {
  readonly type: KeyType;
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly id: string;
  readonly chainId: string;

  constructor(options: {
    readonly seed: string;
    readonly type?: KeyType;
    readonly chainId: string;
  }) {
    this.type = options.type ?? 'ed25519';
    this.chainId = options.chainId;
    this.secret = sha256(new TextEncoder().encode(options.seed));
    this.publicKey =
      this.type === 'ed25519'
        ? ed25519.getPublicKey(this.secret)
        : (this.type === 'p256' ? p256 : secp256k1).getPublicKey(this.secret, true);
    this.id = toHex(deviceIdOf(this.type, this.publicKey));
  }

  get protoType(): ProtoKeyType {
    return PROTO_TYPE[this.type];
  }

  sign(message: Uint8Array): Uint8Array {
    if (this.type === 'ed25519') return ed25519.sign(message, this.secret);
    const curve = this.type === 'p256' ? p256 : secp256k1;
    return curve.sign(message, this.secret, { lowS: true, prehash: true });
  }

  enrolment(owner: Uint8Array, deviceId = this.id): Uint8Array {
    return this.sign(enrolmentBytes(this.chainId, owner, deviceId));
  }

  /** A report of this device signed with its key; `deviceId` differs after a rotation. */
  report(
    fields: { sequence: bigint; timeMs: bigint; kind: number; payload: Uint8Array },
    deviceId = this.id,
  ): SignedReport {
    const bytes = encodeReport(this.chainId, { ...fields, deviceId: Buffer.from(deviceId, 'hex') });
    return { ...fields, deviceId, signature: this.sign(bytes) };
  }
}
