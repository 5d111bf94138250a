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

  it('bounds depth just over 64 and messages just over 10,000', () => {
    const type = 'cosmos.tx.v1beta1.ModeInfo';
    const nest = (levels: number): Uint8Array => {
      let bytes: Uint8Array = new Uint8Array(0);
      for (let i = 1; i < levels; i++) bytes = new ProtoWriter().message(2, bytes).finish();
      return bytes;
    };
    check(nest(64), false, type);
    throws(() => check(nest(65), false, type), /nested more than 64 deep/);
    const many = (count: number) =>
      new Uint8Array(2 * count).map((_, i) => (i % 2 === 0 ? 0x1a : 0));
    const sendType = 'cosmos.bank.v1beta1.MsgSend';
    check(many(9_999), false, sendType);
    throws(() => check(many(10_000), false, sendType), /more than 10000 messages/);
  });

  it('bounds Anys in Anys at 10, and in one at 100, as the registry of the SDK', () => {
    const grant = '/cosmos.feegrant.v1beta1.MsgGrantAllowance';
    const allowed = '/cosmos.feegrant.v1beta1.AllowedMsgAllowance';
    const basic = '/cosmos.feegrant.v1beta1.BasicAllowance';
    const nested = (anys: number): Uint8Array => {
      let inner = any(basic, new Uint8Array(0));
      for (let i = 2; i < anys; i++)
        inner = any(allowed, new ProtoWriter().message(1, inner).finish());
      const message = new ProtoWriter().string(1, 'a').message(3, inner).finish();
      return body(any(grant, message));
    };
    check(nested(10));
    throws(() => check(nested(11)), /an Any is nested more than 10 deep/);
    const key = any('/cosmos.crypto.secp256k1.PubKey', fromHex('0a00'));
    const multisig = (keys: number): Uint8Array => {
      const content = new ProtoWriter();
      for (let i = 0; i < keys; i++) content.message(2, key);
      const signer = any('/cosmos.crypto.multisig.LegacyAminoPubKey', content.finish());
      const info = new ProtoWriter().message(1, new ProtoWriter().message(1, signer).finish());
      return concatBytes(info.finish(), info.finish());
    };
    const auth = 'cosmos.tx.v1beta1.AuthInfo';
    check(multisig(99), false, auth);
    throws(() => check(multisig(100), false, auth), /more than 100 Anys in one/);
  });

  it('takes in an Any only what may stand there', () => {
    const refuse = (bytes: Uint8Array, type: string, message: RegExp) =>
      throws(() => check(bytes, false, type), message);
    const coin = any('/cosmos.base.v1beta1.Coin', new Uint8Array(0));
    refuse(body(coin), BODY, /messages\[0\]\.type_url: .*Coin" does not implement .*\.Msg/);
    const option = new ProtoWriter().message(2047, any(SEND, send())).finish();
    refuse(option, BODY, /non_critical_extension_options\[0\]\.type_url: .*ExtensionOption/);
    const info = new ProtoWriter().message(1, any(SEND, send())).finish();
    refuse(info, 'cosmos.tx.v1beta1.SignerInfo', /public_key\.type_url: .*cosmos\.crypto\.PubKey/);
    const allowance = new ProtoWriter().message(3, any(SEND, send())).finish();
    refuse(allowance, 'cosmos.feegrant.v1beta1.MsgGrantAllowance', /FeeAllowanceI/);
  });

  it('takes numbers and times that Go decodes, and no others', () => {
    const coin = (amount: string) =>
      check(new ProtoWriter().string(2, amount).finish(), false, 'cosmos.base.v1beta1.Coin');
    const most = (1n << 256n) - 1n;
    for (const good of ['', '0', '-5', '+5', '0x1F', '017', '0b1', '1_000', `${most}`]) coin(good);
    for (const bad of [
      'x',
      '1.5',
      '1e3',
      ' 1',
      '09',
      '1__0',
      '_1',
      '1_',
      '0x',
      '٣',
      `${most + 1n}`,
    ]) {
      throws(() => coin(bad), /amount: (expected a whole number|number is over)/, bad);
    }
    const instant = (seconds: bigint, nanos: number) =>
      new ProtoWriter()
        .message(5, new ProtoWriter().varint(1, seconds).varint(2, nanos).finish())
        .finish();
    const time = (seconds: bigint, nanos = 0) => check(instant(seconds, nanos));
    time(-62_135_596_800n);
    time(253_402_300_799n, 999_999_999);
    for (const [seconds, nanos] of [
      [-62_135_596_801n, 0],
      [253_402_300_800n, 0],
      [0n, 1_000_000_000],
      [0n, -1],
    ] as const) {
      throws(() => time(seconds, nanos), /timeout_timestamp: .* is not in the years 1 to 9999/);
    }
    const period = (seconds: bigint, nanos: number) =>
      check(
        new ProtoWriter()
          .message(2, new ProtoWriter().varint(1, seconds).varint(2, nanos).finish())
          .finish(),
        false,
        'cosmos.feegrant.v1beta1.PeriodicAllowance',
      );
    period(9_223_372_036n, 854_775_807);
    period(-9_223_372_036n, -854_775_808);
    for (const [seconds, nanos] of [
      [9_223_372_036n, 854_775_808],
      [-9_223_372_037n, 0],
      [1n, -1],
      [0n, 1_000_000_000],
    ] as const) {
      throws(() => period(seconds, nanos), /period: .* is not a duration of Go/);
    }
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
