import { deepEqual, equal, throws } from 'node:assert/strict';
import fc from 'fast-check';
import { concatBytes, fromHex, toUtf8 } from '../../wire/bytes.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import { Descriptors } from './descriptors.ts';
import { fromJson } from './fromJson.ts';
import { rejectUnknownFields } from './strict.ts';
import { checkCanonicalTxRaw, checkTxEncoding } from './txRaw.ts';

const BODY = 'cosmos.tx.v1beta1.TxBody';
const SEND = '/cosmos.bank.v1beta1.MsgSend';
const any = (typeUrl: string, value: Uint8Array) =>
  new ProtoWriter().string(1, typeUrl).bytes(2, value).finish();
const body = (message: Uint8Array) => new ProtoWriter().message(1, message).finish();
const send = (extra: Uint8Array = new Uint8Array(0)) =>
  concatBytes(new ProtoWriter().string(1, 'alice').finish(), extra);

describe('rejectUnknownFields', () => {
  const descriptors = Descriptors.load();
  const check = (bytes: Uint8Array, allowUnknownNonCriticals = false, type = BODY) =>
    rejectUnknownFields(descriptors, type, bytes, { title: 'body', allowUnknownNonCriticals });
  const inside = (extra: Uint8Array) => body(any(SEND, send(extra)));

  it('takes what is known, also inside an Any', () => {
    equal(check(inside(new Uint8Array(0))).hasUnknownNonCriticals, false);
  });

  it('lets unknown non-critical fields pass only where allowed', () => {
    const extra = new ProtoWriter().varint(1024, 1n).finish();
    throws(() => check(inside(extra)), /body\.messages\[0\]\.value: field 1024 is unknown/);
    equal(check(inside(extra), true).hasUnknownNonCriticals, true);
    const critical = new ProtoWriter().varint(1023, 1n).finish();
    throws(() => check(inside(critical), true), /value: field 1023 is unknown/);
    const above = new ProtoWriter().varint(2048, 1n).finish();
    throws(() => check(inside(above), true), /value: field 2048 is unknown/);
  });

  const refused: readonly [name: string, bytes: Uint8Array, message: RegExp][] = [
    [
      'a wrong wire type',
      inside(new ProtoWriter().varint(2, 1n).finish()),
      /value\.to_address: wire type 0 does not fit type string/,
    ],
    [
      'a field that stands twice',
      inside(send()),
      /body\.messages\[0\]\.value\.from_address: stands twice/,
    ],
    [
      'text that is not UTF-8',
      inside(fromHex('1201ff')),
      /value\.to_address: expected valid UTF-8/,
    ],
    ['a non-minimal varint', fromHex('188100'), /varint is not minimal/],
    ['a non-minimal length', fromHex('12810061'), /varint is not minimal/],
    ['cut bytes', fromHex('120561'), /5 bytes are missing/],
    [
      'trailing bytes',
      concatBytes(inside(new Uint8Array(0)), fromHex('00')),
      /field number 0 is invalid/,
    ],
    ['a group', fromHex('0b'), /wire type 3 is not supported/],
    [
      'an Any of unknown type',
      body(any('/x.Y', new Uint8Array(0))),
      /messages\[0\]\.type_url: message type "\/x\.Y" is unknown/,
    ],
    [
      'an Any without slash',
      body(any('cosmos.bank.v1beta1.MsgSend', send())),
      /type_url: expected a type URL/,
    ],
    [
      'an Any without type',
      body(new Uint8Array(0)),
      /type_url: expected a type URL such as .* got ""/,
    ],
    ['an enum as a type', body(any('/cosmos.tx.v1beta1.OrderBy', new Uint8Array(0))), /is unknown/],
    [
      'an unknown field of an Any',
      body(concatBytes(any(SEND, send()), fromHex('1801'))),
      /messages\[0\]: field 3 is unknown/,
    ],
    [
      'a broken message in a second place',
      concatBytes(body(any(SEND, send())), body(any(SEND, fromHex('ff')))),
      /messages\[1\]\.value: varint is cut short/,
    ],
  ];
  for (const [name, bytes, message] of refused) {
    it(`refuses ${name}`, () => throws(() => check(bytes), message));
  }

  it('takes repeated numbers packed and unpacked, but not cut or out of range', () => {
    const validator = 'cosmos.staking.v1beta1.Validator';
    check(fromHex('6a0301ac02'), false, validator);
    check(fromHex('68016802'), false, validator);
    throws(() => check(fromHex('6a0281'), false, validator), /2 bytes are missing/);
    throws(() => check(fromHex('6a0181'), false, validator), /unbonding_ids\[0\]: varint is cut/);
    throws(() => check(fromHex('1802'), false, validator), /jailed: 2 is out of range for bool/);
    throws(() => check(fromHex('18ffffffff7f'), false, validator), /jailed: .* out of range/);
  });

  it('bounds depth just over 16 and messages just over 10,000', () => {
    const type = 'cosmos.tx.v1beta1.ModeInfo';
    const nest = (levels: number): Uint8Array => {
      let bytes: Uint8Array = new Uint8Array(0);
      for (let i = 1; i < levels; i++) bytes = new ProtoWriter().message(2, bytes).finish();
      return bytes;
    };
    check(nest(16), false, type);
    throws(() => check(nest(17), false, type), /nested more than 16 deep/);
    const many = (count: number) =>
      new Uint8Array(2 * count).map((_, i) => (i % 2 === 0 ? 0x1a : 0));
    const sendType = 'cosmos.bank.v1beta1.MsgSend';
    check(many(9_999), false, sendType);
    throws(() => check(many(10_000), false, sendType), /more than 10000 messages/);
  });

  it('never throws anything but a TypeError on arbitrary bytes', () => {
    const valid = inside(new Uint8Array(0));
    const mutated = fc
      .tuple(fc.nat(valid.length - 1), fc.nat(255))
      .map(([at, byte]) => valid.with(at, byte));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        try {
          check(bytes);
        } catch (error) {
          equal(Object(error).name, 'TypeError');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the encoding of a transaction', () => {
  const descriptors = Descriptors.load();
  const part = (field: number, bytes: Uint8Array) =>
    new ProtoWriter().message(field, bytes).finish();
  const bodyBytes = body(any(SEND, send()));
  const raw = concatBytes(part(1, bodyBytes), part(2, fromHex('1200')), part(3, toUtf8('sig')));

  it('takes fields in order and gives their bytes', () => {
    const parts = checkTxEncoding(descriptors, concatBytes(raw, part(3, new Uint8Array(0))));
    deepEqual(parts.bodyBytes, bodyBytes);
    deepEqual(parts.authInfoBytes, fromHex('1200'));
    deepEqual(parts.signatures, [toUtf8('sig'), new Uint8Array(0)]);
    equal(parts.hasUnknownNonCriticals, false);
  });

  const refused: readonly [name: string, bytes: Uint8Array, message: RegExp][] = [
    [
      'fields out of order',
      concatBytes(part(2, fromHex('1200')), part(1, bodyBytes)),
      /tx\.body_bytes: stands behind auth_info_bytes/,
    ],
    [
      'a second body',
      concatBytes(part(1, bodyBytes), part(1, bodyBytes)),
      /tx\.body_bytes: stands twice/,
    ],
    ['an empty body written out', part(1, new Uint8Array(0)), /tx\.body_bytes: empty but written/],
    ['an unknown field', concatBytes(raw, fromHex('2200')), /tx: field 4 is unknown/],
    ['a wrong wire type', fromHex('0801'), /tx\.body_bytes: wire type 0/],
    ['a longer length than needed', fromHex('0a810061'), /not minimal/],
    ['trailing bytes', concatBytes(raw, fromHex('0a')), /tx: varint is cut short/],
  ];
  for (const [name, bytes, message] of refused) {
    it(`refuses ${name}`, () => throws(() => checkCanonicalTxRaw(bytes), message));
  }

  it('lets a non-critical field stand in the body but not in the auth info', () => {
    const extra = new ProtoWriter().varint(1024, 1n).finish();
    const inBody = concatBytes(part(1, concatBytes(bodyBytes, extra)), part(2, fromHex('1200')));
    equal(checkTxEncoding(descriptors, inBody).hasUnknownNonCriticals, true);
    const inAuth = concatBytes(part(1, bodyBytes), part(2, concatBytes(fromHex('1200'), extra)));
    throws(() => checkTxEncoding(descriptors, inAuth), /auth_info: field 1024 is unknown/);
  });

  it('takes what the JSON codec writes', () => {
    const tx = fromJson(descriptors, 'cosmos.tx.v1beta1.Tx', {
      body: { messages: [{ '@type': SEND, from_address: 'a' }] },
      auth_info: { fee: { gas_limit: '1' } },
      signatures: ['AA=='],
    });
    equal(checkTxEncoding(descriptors, tx).signatures.length, 1);
  });
});
