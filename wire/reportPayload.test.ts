import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromHex, toHex } from './bytes.ts';
import { type FieldType, fixedLayout } from './fixedLayout.ts';
import {
  beaconPayload,
  decodePayload,
  heartbeatPayload,
  REPORT_KIND,
  weatherPayload,
  witnessPayload,
} from './reportPayload.ts';

const cell = 0x8928308280fffffn;

/** Each kind with its bytes written out by hand. */
const EXAMPLES = [
  {
    kind: REPORT_KIND.beacon,
    hex: `08928308280fffff${'e7'.repeat(32)}010effe835f2a8e0`,
    bytes: beaconPayload.encode({
      cell,
      entropy: new Uint8Array(32).fill(0xe7),
      transmitPower: 270,
      gain: -24,
      frequency: 905_095_392,
    }),
  },
  {
    kind: REPORT_KIND.witness,
    hex: `${'b1'.repeat(32)}08928308280fffffff38fffb35f2a8e000000004`,
    bytes: witnessPayload.encode({
      beaconHash: new Uint8Array(32).fill(0xb1),
      cell,
      rssi: -200,
      snr: -5,
      frequency: 905_095_392,
      lag: 4,
    }),
  },
  {
    kind: REPORT_KIND.weather,
    hex: '08928308280fffffffffe9e8000c34ff00000d48000427b8000185cd000000fa00000bb8',
    bytes: weatherPayload.encode({
      cell,
      temperature: -5656,
      humidity: 799_999,
      windSpeed: 3400,
      windDirection: 272_312,
      pressure: 99_789,
      precipitation: 250,
      illuminance: 3000,
    }),
  },
  {
    kind: REPORT_KIND.heartbeat,
    hex: '000f42400008000b71b00000ea600000000100000000',
    bytes: heartbeatPayload.encode({
      providerLoad: 1_000_000,
      gpuCount: 8,
      gpuUtilization: 750_000,
      temperature: 60_000,
      jobsCompleted: 1n << 32n,
    }),
  },
];

describe('report payload', () => {
  for (const { kind, hex, bytes } of EXAMPLES) {
    it(`of kind ${kind} has each field in its place and zeros behind`, () => {
      assert.equal(toHex(bytes), hex.padEnd(128, '0'));
      assert.equal(decodePayload(kind, bytes).kind, kind);
    });
  }

  it('reads its values back', () => {
    const weather = decodePayload(REPORT_KIND.weather, EXAMPLES[2]!.bytes);
    assert.ok(weather.kind === REPORT_KIND.weather);
    assert.equal(weather.values.temperature, -5656);
    assert.equal(weather.values.cell, cell);
    const witness = decodePayload(REPORT_KIND.witness, EXAMPLES[1]!.bytes);
    assert.ok(witness.kind === REPORT_KIND.witness);
    assert.deepEqual([witness.values.rssi, witness.values.snr], [-200, -5]);
  });

  it('refuses unused bytes that are not zero, at every one of them', () => {
    for (const { kind, hex, bytes } of EXAMPLES) {
      for (let offset = hex.length / 2; offset < 64; offset++) {
        const bent = bytes.slice();
        bent[offset] = 1;
        assert.throws(() => decodePayload(kind, bent), /expected zeros after byte/);
      }
    }
  });

  it('refuses other lengths and kinds', () => {
    assert.throws(() => decodePayload(1, new Uint8Array(63)), /beacon: expected 64 bytes, got 63/);
    assert.throws(() => decodePayload(1, new Uint8Array(65)), /beacon: expected 64 bytes, got 65/);
    assert.throws(() => decodePayload(0, new Uint8Array(64)), /kind: expected 1 to 4, got 0/);
    assert.throws(() => decodePayload(5, new Uint8Array(64)), /kind: expected 1 to 4, got 5/);
  });
});

describe('fixedLayout', () => {
  const bounds: readonly (readonly [FieldType, bigint, bigint])[] = [
    ['u16', 0n, 0xffffn],
    ['u32', 0n, 0xffffffffn],
    ['i16', -0x8000n, 0x7fffn],
    ['i32', -0x80000000n, 0x7fffffffn],
    ['u64', 0n, (1n << 64n) - 1n],
  ];
  for (const [type, least, most] of bounds) {
    it(`${type} holds ${least} to ${most} and nothing else`, () => {
      const codec = fixedLayout('t', 8, [['x', type]]);
      const native = (value: bigint) => (type === 'u64' ? value : Number(value)) as never;
      fc.assert(
        fc.property(fc.bigInt(least, most), (x) => {
          assert.equal(BigInt(codec.decode(codec.encode({ x: native(x) })).x as bigint), x);
        }),
        { numRuns: 30, examples: [[least], [most]] },
      );
      for (const x of [native(least - 1n), native(most + 1n), Number.NaN, undefined, '1']) {
        assert.throws(() => codec.encode({ x: x as never }), /t\.x: expected an integer from/);
      }
    });
  }

  it('decodes a view into a larger array', () => {
    const codec = fixedLayout('t', 4, [['x', 'u16']]);
    assert.deepEqual(codec.decode(fromHex('ffff01020000ff').subarray(2, 6)), { x: 0x0102 });
  });

  it('refuses a layout that does not fit', () => {
    assert.throws(() => fixedLayout('t', 3, [['x', 'u32']]), /fields need 4 bytes, size is 3/);
  });
});
