import { deepEqual, equal, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import { Descriptors } from './descriptors.ts';
import { fromJson } from './fromJson.ts';
import { toJson } from './toJson.ts';

interface Vector {
  readonly type: string;
  readonly bytes: string;
  readonly json: unknown;
  readonly bytesFromJson: string;
}

/** Printed by `interop/jsonvectors`: the codec of Cosmos SDK v0.50. */
const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('./vectors/json.json', import.meta.url), 'utf8'),
);
const SEND = 'cosmos.bank.v1beta1.MsgSend';
const PARAMS = 'cosmos.staking.v1beta1.Params';
const VALIDATOR = 'cosmos.staking.v1beta1.Validator';

/** The vectors are of v0.50; `unordered` and `timeout_timestamp` came with v0.53. */
function withoutLaterFields(json: unknown): unknown {
  const body: unknown = Object(json).body;
  if (typeof body !== 'object' || body === null) return json;
  const { unordered, timeout_timestamp, ...older } = body as Record<string, unknown>;
  deepEqual([unordered, timeout_timestamp], [false, null]);
  return { ...Object(json), body: older };
}

describe('proto3 JSON', () => {
  const descriptors = Descriptors.load();
  const bytesOf = (type: string, json: unknown) => toHex(fromJson(descriptors, type, json, 'x'));

  for (const [index, { type, bytes, json, bytesFromJson }] of vectors.entries()) {
    it(`equals Go's codec: ${index} ${type}`, () => {
      const ours = withoutLaterFields(toJson(descriptors, type, fromHex(bytes)));
      deepEqual(ours, json);
      equal(JSON.stringify(ours), JSON.stringify(json), 'order of the fields');
      equal(bytesOf(type, json), bytesFromJson);
    });
  }

  it('takes lowerCamelCase names, numbers as numbers or text, enums as numbers', () => {
    equal(bytesOf(SEND, { fromAddress: 'a' }), bytesOf(SEND, { from_address: 'a' }));
    equal(bytesOf(PARAMS, { max_validators: '7' }), bytesOf(PARAMS, { maxValidators: 7 }));
    equal(bytesOf(VALIDATOR, { status: 3 }), bytesOf(VALIDATOR, { status: 'BOND_STATUS_BONDED' }));
  });

  const refused: readonly [name: string, type: string, json: unknown, message: RegExp][] = [
    ['an unknown field', SEND, { amounts: [] }, /x\.amounts: unknown field, .* from_address/],
    [
      'a field given twice',
      SEND,
      { fromAddress: 'a', from_address: 'b' },
      /from_address: given twice/,
    ],
    ['an inherited name', SEND, { constructor: 1 }, /constructor: unknown field/],
    ['text for a list', SEND, { amount: 'x' }, /x\.amount: expected a list, got "x"/],
    ['null in a list', SEND, { amount: [null] }, /x\.amount\[0\]: expected an object, got null/],
    ['a list for a message', SEND, [], /x: expected an object, got \[\]/],
    ['a number for text', SEND, { to_address: 5 }, /x\.to_address: expected text, got 5/],
    [
      'a lone surrogate',
      SEND,
      { to_address: '\ud800' },
      /to_address: expected well-formed Unicode/,
    ],
    [
      'an amount as a number',
      SEND,
      { amount: [{ amount: 5 }] },
      /amount\[0\]\.amount: expected a number as text/,
    ],
    [
      'a decimal amount',
      SEND,
      { amount: [{ amount: '1.5' }] },
      /expected a whole number as text, got "1.5"/,
    ],
    [
      'an amount over 256 bits',
      SEND,
      { amount: [{ amount: (2n ** 256n).toString() }] },
      /over 256 bits/,
    ],
    [
      'a negative unsigned number',
      PARAMS,
      { max_entries: -1 },
      /expected a number from 0 to 4294967295, got -1/,
    ],
    [
      'a fraction',
      PARAMS,
      { max_entries: 1.5 },
      /max_entries: expected a whole number \(uint32\), got 1\.5/,
    ],
    ['a number beyond exact integers', PARAMS, { max_entries: 1e300 }, /expected a whole number/],
    ['a number text with spaces', PARAMS, { max_entries: ' 1' }, /expected a whole number/],
    [
      '19 decimal places',
      PARAMS,
      { min_commission_rate: '0.1234567890123456789' },
      /at most 18 places/,
    ],
    [
      'a duration without unit',
      PARAMS,
      { unbonding_time: '5' },
      /expected a duration such as "3600s", got "5"/,
    ],
    [
      'an unknown enum name',
      VALIDATOR,
      { status: 'BONDED' },
      /status: expected one of BOND_STATUS_UNSPECIFIED/,
    ],
    ['an unknown enum number', VALIDATOR, { status: 9 }, /status: expected one of .*, got 9/],
    [
      'text for a boolean',
      VALIDATOR,
      { jailed: 'true' },
      /jailed: expected true or false, got "true"/,
    ],
    [
      'a day that does not exist',
      VALIDATOR,
      { unbonding_time: '2026-02-30T00:00:00Z' },
      /expected a time such as/,
    ],
    [
      'a time without zone',
      VALIDATOR,
      { unbonding_time: '2026-02-03T00:00:00' },
      /expected a time such as/,
    ],
    [
      'an Any without type',
      VALIDATOR,
      { consensus_pubkey: {} },
      /@type: expected a type URL, got nothing/,
    ],
    [
      'an Any of unknown type',
      VALIDATOR,
      { consensus_pubkey: { '@type': '/x.Y' } },
      /type "\/x\.Y" is unknown/,
    ],
    [
      'an Any without slash',
      VALIDATOR,
      { consensus_pubkey: { '@type': 'x.Y' } },
      /expected a type URL such as/,
    ],
    [
      'base64 without padding',
      VALIDATOR,
      { consensus_pubkey: { '@type': '/cosmos.crypto.ed25519.PubKey', key: 'AA' } },
      /consensus_pubkey\.key: expected standard base64/,
    ],
    [
      'two members of a oneof',
      'cosmos.tx.v1beta1.ModeInfo',
      { single: {}, multi: {} },
      /both single and multi are given/,
    ],
  ];
  for (const [name, type, json, message] of refused) {
    it(`refuses ${name}`, () => throws(() => bytesOf(type, json), message));
  }

  it('takes lists of any length, as a genesis of many accounts has them', () => {
    const length = 150_000;
    const messages = Array.from({ length }, () => '/a');
    const allowance = { allowance: null, allowed_messages: messages };
    const name = 'cosmos.feegrant.v1beta1.AllowedMsgAllowance';
    equal(fromJson(descriptors, name, allowance).length, 4 * length);
    const packed = fromJson(descriptors, VALIDATOR, { unbonding_ids: messages.map(() => '7') });
    const read = toJson(descriptors, VALIDATOR, packed) as { unbonding_ids: string[] };
    equal(read.unbonding_ids.length, length);
  });

  it('bounds the depth both ways', () => {
    const nest = (depth: number): unknown =>
      depth === 0 ? {} : { multi: { mode_infos: [nest(depth - 1)] } };
    throws(() => bytesOf('cosmos.tx.v1beta1.ModeInfo', nest(20)), /nested more than 32 deep/);
    let bytes: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < 70; i++) {
      bytes = new ProtoWriter().message(2, new ProtoWriter().message(2, bytes).finish()).finish();
    }
    throws(() => toJson(descriptors, 'cosmos.tx.v1beta1.ModeInfo', bytes), /more than 128 deep/);
  });

  it('reads back what it writes, for any coin list, time and decimal', () => {
    const validator = fc.record({
      tokens: fc.bigInt(-(2n ** 200n), 2n ** 200n).map(String),
      delegator_shares: fc.bigInt(0n, 2n ** 100n).map((n) => `${n}.${'5'.padStart(18, '0')}`),
      unbonding_time: fc
        .date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59Z'),
          noInvalidDate: true,
        })
        .map((date) => date.toISOString()),
      unbonding_height: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
      unbonding_ids: fc.array(fc.bigInt(0n, 2n ** 64n - 1n).map(String)),
      jailed: fc.boolean(),
      description: fc.record({ moniker: fc.string({ unit: 'binary' }) }),
    });
    fc.assert(
      fc.property(validator, (json) => {
        const bytes = fromJson(descriptors, VALIDATOR, json);
        const again = toJson(descriptors, VALIDATOR, bytes);
        deepEqual(fromJson(descriptors, VALIDATOR, again), bytes);
        for (const name of ['tokens', 'delegator_shares', 'unbonding_height', 'unbonding_ids']) {
          deepEqual(Reflect.get(Object(again), name), Reflect.get(json, name), name);
        }
      }),
      { numRuns: 200 },
    );
  });
});
