import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromHex, toHex } from './bytes.ts';
import { decodeTimestamp, encodeTimestamp, formatTime, MAX_TIME, parseTime } from './time.ts';
import { ZERO_TIME } from './types.ts';
import vectors from './vectors/comet.json' with { type: 'json' };

const anyTime = fc.bigInt({ min: ZERO_TIME, max: MAX_TIME });

describe('time', () => {
  it('equals Go in bytes and text', () => {
    for (const { seconds, nanos, proto, json } of vectors.times) {
      const ns = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
      assert.equal(toHex(encodeTimestamp(ns)), proto);
      assert.equal(decodeTimestamp(fromHex(proto)), ns);
      assert.equal(JSON.stringify(formatTime(ns)), json);
      assert.equal(parseTime(JSON.parse(json)), ns);
    }
  });

  it('reads what it writes, at any time', () => {
    fc.assert(
      fc.property(anyTime, (ns) => {
        assert.equal(parseTime(formatTime(ns)), ns);
        assert.equal(decodeTimestamp(encodeTimestamp(ns)), ns);
      }),
    );
  });

  it('reads offsets and untrimmed fractions', () => {
    const expected = parseTime('2024-02-29T23:30:00.5Z');
    assert.equal(parseTime('2024-03-01T01:00:00.500000000+01:30'), expected);
    assert.equal(parseTime('2024-02-29T15:30:00.50-08:00'), expected);
    assert.equal(parseTime('2024-02-29T23:30:00.500+00:00'), expected);
  });

  it('refuses other texts, naming the title', () => {
    const refused = [
      '',
      '2024-02-30T00:00:00Z',
      '2023-02-29T00:00:00Z',
      '2024-13-01T00:00:00Z',
      '2024-01-00T00:00:00Z',
      '2024-01-01T24:00:00Z',
      '2024-01-01T23:60:00Z',
      '2024-01-01T23:59:60Z',
      '2024-01-01T00:00:00',
      '2024-01-01 00:00:00Z',
      '2024-01-01t00:00:00z',
      '2024-01-01T00:00:00.Z',
      '2024-01-01T00:00:00.1234567890Z',
      '2024-01-01T00:00:00,5Z',
      '2024-01-01T00:00:00+24:00',
      '2024-01-01T00:00:00+0100',
      ' 2024-01-01T00:00:00Z',
      '2024-01-01T00:00:00Z\n',
      '12024-01-01T00:00:00Z',
    ];
    for (const text of refused) {
      assert.throws(() => parseTime(text, '$.time'), /^TypeError: \$\.time: expected an RFC/, text);
    }
  });

  it('refuses times outside the years 1 to 9999', () => {
    for (const ns of [ZERO_TIME - 1n, MAX_TIME + 1n]) {
      assert.throws(() => encodeTimestamp(ns), RangeError);
      assert.throws(() => formatTime(ns), RangeError);
    }
    assert.throws(() => parseTime('0000-12-31T23:59:59Z'), RangeError);
    assert.throws(() => parseTime('0001-01-01T00:00:00+00:01'), RangeError);
    assert.throws(() => parseTime('9999-12-31T23:59:59-00:01'), RangeError);
  });

  it('refuses nanoseconds that do not fit a second', () => {
    assert.throws(() => decodeTimestamp(fromHex('108094ebdc03')), /nanos: expected 0 to 999999999/);
    assert.throws(() => decodeTimestamp(fromHex('10ffffffffffffffffff01')), /got -1/);
    assert.throws(() => decodeTimestamp(fromHex('1801')), /field 3 is unknown/);
  });

  it('is read of a transaction also where it is not canonical', () => {
    const ns = 7_000_000_000n;
    assert.equal(decodeTimestamp(fromHex('0807')), ns);
    assert.equal(decodeTimestamp(fromHex('08071000')), ns, 'a zero written out');
    assert.equal(decodeTimestamp(fromHex('10050807')), ns + 5n, 'nanoseconds first');
  });
});
