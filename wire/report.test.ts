import assert from 'node:assert/strict';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { concatBytes, fromHex, toHex, toUtf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import {
  decodeReport,
  deviceIdOf,
  encodeReport,
  REPORT_BYTES,
  REPORT_LEAF_BYTES,
  type Report,
  reportLeaf,
  splitReportLeaf,
  verifyReportSignature,
} from './report.ts';
import { KEY_TYPES, type KeyType, nobleVerifier } from './signature.ts';

const CHAIN = 'depin-localnet-1';
const report: Report = {
  deviceId: new Uint8Array(20).fill(0xd1),
  sequence: 0x0102030405060708n,
  timeMs: 1_700_000_000_000n,
  kind: 3,
  payload: Uint8Array.from({ length: 64 }, (_, i) => i),
};

/** The layout, written out by hand. */
const BYTES = [
  '646570696e642f7265706f72742f7631',
  '10',
  `646570696e2d6c6f63616c6e65742d31${'00'.repeat(34)}`,
  'd1'.repeat(20),
  '0102030405060708',
  '0000018bcfe56800',
  '0003',
  toHex(report.payload),
].join('');

const reports: fc.Arbitrary<Report> = fc.record(
  {
    deviceId: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    sequence: fc.bigInt(0n, (1n << 64n) - 1n),
    timeMs: fc.bigInt(0n, (1n << 64n) - 1n),
    kind: fc.integer({ min: 0, max: 0xffff }),
    payload: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  },
  { noNullPrototype: true },
);

describe('report', () => {
  it('is 169 bytes, each in its place', () => {
    assert.equal(toHex(encodeReport(CHAIN, report)), BYTES);
    assert.equal(BYTES.length, 2 * 169);
    assert.deepEqual([REPORT_BYTES, REPORT_LEAF_BYTES], [169, 233]);
  });

  it('reads back what it writes', () => {
    const chainIds = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((text) => toUtf8(text).length <= 50);
    fc.assert(
      fc.property(chainIds, reports, (chainId, any) => {
        assert.deepEqual(decodeReport(encodeReport(chainId, any)), { chainId, report: any });
      }),
    );
  });

  it('has one encoding: whatever decodes encodes to the same bytes', () => {
    const good = fromHex(BYTES);
    fc.assert(
      fc.property(fc.nat(168), fc.integer({ min: 1, max: 255 }), (offset, xor) => {
        const bent = good.slice();
        bent[offset]! ^= xor;
        let decoded: ReturnType<typeof decodeReport>;
        try {
          decoded = decodeReport(bent);
        } catch (error) {
          assert.ok(error instanceof TypeError);
          return;
        }
        assert.deepEqual(encodeReport(decoded.chainId, decoded.report), bent);
      }),
      { numRuns: 400 },
    );
  });

  it('refuses another length, domain, chain id length or padding', () => {
    const bend = (offset: number, value: number) => {
      const bent = fromHex(BYTES);
      bent[offset] = value;
      return bent;
    };
    const cases: readonly (readonly [Uint8Array, RegExp])[] = [
      [new Uint8Array(0), /report: expected 169 bytes, got 0/],
      [fromHex(BYTES).subarray(1), /expected 169 bytes, got 168/],
      [concatBytes(fromHex(BYTES), Uint8Array.of(0)), /expected 169 bytes, got 170/],
      [bend(15, 0x32), /domain: expected 646570/],
      [bend(16, 0), /chainId: expected 1 to 50 bytes, got 0/],
      [bend(16, 51), /chainId: expected 1 to 50 bytes, got 51/],
      [bend(16, 15), /chainId: expected zeros after its 15 bytes/],
      [bend(66, 1), /chainId: expected zeros after its 16 bytes/],
      [bend(17, 0xff), /chainId: expected valid UTF-8/],
    ];
    for (const [bytes, message] of cases) assert.throws(() => decodeReport(bytes), message);
  });

  it('takes a chain id of 50 bytes and refuses 51, none and half a character', () => {
    const longest = 'x'.repeat(50);
    assert.equal(decodeReport(encodeReport(longest, report)).chainId, longest);
    assert.throws(() => encodeReport(`${longest}x`, report), /chainId: expected 1 to 50 bytes/);
    assert.throws(() => encodeReport('', report), /chainId: expected 1 to 50 bytes, got 0/);
    assert.throws(() => encodeReport('\ud800', report), /chainId: expected well-formed/);
  });

  it('names the field that does not fit', () => {
    const bad: readonly (readonly [Partial<Report>, RegExp])[] = [
      [{ deviceId: new Uint8Array(19) }, /report.deviceId: expected 20 bytes, got 19/],
      [{ sequence: -1n }, /report.sequence: expected an integer from 0 to 18446744073709551615/],
      [{ sequence: 1n << 64n }, /report.sequence/],
      [{ timeMs: -1n }, /report.timeMs/],
      [{ kind: 65536 }, /report.kind: expected an integer from 0 to 65535, got 65536/],
      [{ kind: 1.5 }, /report.kind/],
      [{ payload: new Uint8Array(65) }, /report.payload: expected 64 bytes, got 65/],
    ];
    for (const [changed, message] of bad) {
      assert.throws(() => encodeReport(CHAIN, { ...report, ...changed }), message);
    }
  });

  it('makes a leaf with its signature, and parts it again', () => {
    const bytes = fromHex(BYTES);
    const signature = new Uint8Array(64).fill(5);
    const leaf = reportLeaf(bytes, signature);
    assert.equal(toHex(leaf), BYTES + '05'.repeat(64));
    assert.deepEqual(splitReportLeaf(leaf), { reportBytes: bytes, signature });
    assert.throws(() => reportLeaf(bytes.subarray(1), signature), /report: expected 169/);
    assert.throws(() => reportLeaf(bytes, signature.subarray(1)), /signature: expected 64/);
    assert.throws(() => splitReportLeaf(leaf.subarray(1)), /leaf: expected 233 bytes, got 232/);
  });
});

describe('device', () => {
  const secret = new Uint8Array(32).fill(3);
  const devices: Readonly<
    Record<KeyType, { key: Uint8Array; sign: (message: Uint8Array) => Uint8Array }>
  > = {
    ed25519: {
      key: ed25519.getPublicKey(secret),
      sign: (message) => ed25519.sign(message, secret),
    },
    secp256k1: {
      key: secp256k1.getPublicKey(secret),
      sign: (message) => secp256k1.sign(message, secret, { lowS: true }),
    },
    p256: {
      key: p256.getPublicKey(secret),
      sign: (message) => p256.sign(message, secret, { lowS: true }),
    },
  };

  it('has an id of its kind of key and its key', () => {
    const { key } = devices.secp256k1;
    const preimage = concatBytes(toUtf8('depind/device/v1'), Uint8Array.of(2), key);
    assert.deepEqual(deviceIdOf('secp256k1', key), sha256(preimage).slice(0, 20));
    const ids = KEY_TYPES.map((keyType) => toHex(deviceIdOf(keyType, key)));
    assert.equal(new Set(ids).size, 3);
  });

  for (const keyType of KEY_TYPES) {
    it(`signs with ${keyType}, and with nothing else`, () => {
      const { key, sign } = devices[keyType];
      const bytes = encodeReport(CHAIN, report);
      const signature = sign(bytes);
      const verify = (message: Uint8Array, type: KeyType = keyType) =>
        verifyReportSignature(nobleVerifier, { keyType: type, publicKey: key }, message, signature);
      assert.equal(verify(bytes), true);
      assert.equal(verify(encodeReport('depin-localnet-2', report)), false);
      assert.equal(verify(encodeReport(CHAIN, { ...report, sequence: 1n })), false);
      for (const other of KEY_TYPES) assert.equal(verify(bytes, other), other === keyType, other);
    });
  }
});
