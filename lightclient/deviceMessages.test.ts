import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toHex } from '../wire/bytes.ts';
import { Batch, Device, DeviceStatus, SignedReport } from '../wire/gen/depin/devices/v1/devices.ts';
import { QueryReportRequest, QueryReportResponse } from '../wire/gen/depin/devices/v1/query.ts';
import type { MessageCodec } from '../wire/messageCodec.ts';
import {
  batchCodec,
  deviceCodec,
  reportRequestCodec,
  reportResponseCodec,
  STATUS_ACTIVE,
  signedReportCodec,
} from './deviceMessages.ts';

const text = fc.string({ maxLength: 50, unit: 'grapheme' });
const bytes = fc.uint8Array({ maxLength: 70 });
const uint64 = fc.bigInt(0n, (1n << 64n) - 1n);
const int64 = fc.bigInt(-(1n << 63n), (1n << 63n) - 1n);
const uint32 = fc.nat(0xffff_ffff);
const key = fc.record({ type: fc.nat(3), publicKey: bytes, fromSequence: uint64 });
const report = fc.record({
  deviceId: text,
  sequence: uint64,
  timeMs: uint64,
  kind: uint32,
  payload: bytes,
  signature: bytes,
});
const device = fc.record({
  id: text,
  owner: text,
  status: fc.nat(2),
  keys: fc.array(key, { maxLength: 4 }),
  registeredHeight: int64,
  revokedHeight: int64,
  sequence: uint64,
  lastBatch: uint64,
  lastIndex: uint32,
  lastTimeMs: uint64,
});
const batch = fc.record({ id: uint64, root: bytes, count: uint32, submitter: text, height: int64 });
const response = fc.record({
  report: fc.option(report, { nil: undefined }),
  batchId: uint64,
  index: uint32,
  total: uint32,
  path: fc.array(bytes, { maxLength: 5 }),
});

interface Generated<T> {
  decode(bytes: Uint8Array): T;
  encode(message: T): { finish(): Uint8Array };
}

/** Equal bytes and equal messages for anything that can be written. */
function isTwin<T>(codec: MessageCodec<T>, generated: Generated<T>, messages: fc.Arbitrary<T>) {
  fc.assert(
    fc.property(messages, (message) => {
      const expected = generated.encode(message).finish();
      assert.equal(toHex(codec.encode(message).finish()), toHex(expected));
      assert.deepEqual(codec.decode(expected), normal(generated.decode(expected)));
    }),
  );
}

/** Without the prototypes that the generated decoder gives to bytes. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, normal(each)]));
}

describe('device messages', () => {
  it('of a device are as generated', () => isTwin(deviceCodec, Device, device));
  it('of a report are as generated', () => isTwin(signedReportCodec, SignedReport, report));
  it('of a batch are as generated', () => isTwin(batchCodec, Batch, batch));
  it('of a question are as generated', () =>
    isTwin(reportRequestCodec, QueryReportRequest, fc.record({ deviceId: text })));
  it('of its answer are as generated', () =>
    isTwin(reportResponseCodec, QueryReportResponse, response));

  it('know the status of an active device', () =>
    assert.equal(STATUS_ACTIVE, DeviceStatus.DEVICE_STATUS_ACTIVE));

  const refused: readonly (readonly [string, number[], RegExp])[] = [
    ['an unknown field', [0x5a, 0], /device: field 11 is unknown/],
    ['a field of another wire type', [0x08, 1], /device: field id has wire type 0, expected 2/],
    [
      'a field that stands twice',
      [0x28, 1, 0x28, 1],
      /device: field registeredHeight stands twice/,
    ],
    ['bytes that are missing', [0x0a, 5, 0x41], /device: 5 bytes are missing/],
    ['text that is not UTF-8', [0x0a, 1, 0xff], /device\.id/],
    ['an index over 32 bits', [0x48, 0x80, 0x80, 0x80, 0x80, 0x10], /device\.lastIndex/],
    ['a key with an unknown field', [0x22, 2, 0x20, 1], /device key: field 4 is unknown/],
  ];
  for (const [name, given, expected] of refused) {
    it(`refuse ${name}`, () =>
      assert.throws(() => deviceCodec.decode(Uint8Array.from(given)), {
        name: 'TypeError',
        message: expected,
      }));
  }
});
