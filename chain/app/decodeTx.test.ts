import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { concatBytes, fromHex } from '../../wire/bytes.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import { Descriptors, fromJson } from '../descriptors/index.ts';
import { ChainError } from '../module/errors.ts';
import { decodeTx } from './decodeTx.ts';

/** Number of the base, bytes kept before and behind, the bytes between, what was changed, the SDK's verdict. */
type Case = [
  base: number,
  prefix: number,
  suffix: number,
  middle: string,
  change: string,
  verdict: 'refused' | 'invalid' | 'taken',
];

/** Printed by interop/txvectors: what the decoder of Cosmos SDK v0.50 says. */
const { bases, cases } = JSON.parse(
  readFileSync(new URL('./vectors/transactions.json', import.meta.url), 'utf8'),
) as { bases: string[]; cases: Case[] };

/** Where this chain takes one form of what the SDK takes in several, so that nobody can change a transaction in flight. */
const STRICTER: readonly RegExp[] = [
  /varint is not minimal/,
  /stands twice/,
  /empty but written/,
  /expected valid UTF-8/,
  /is out of range for/,
  /wire type 3 is not supported/,
  /signer is (missing|empty)/,
];

describe('decodeTx', () => {
  const descriptors = Descriptors.load();
  const inputs = bases.map((base) => fromHex(base, 'base'));
  const refusalOf = (bytes: Uint8Array): string | undefined => {
    try {
      decodeTx(descriptors, bytes);
      return undefined;
    } catch (error) {
      if (error instanceof ChainError) return error.message;
      throw error;
    }
  };
  const bytesOf = ([base, prefix, suffix, middle]: Case): Uint8Array => {
    const from = inputs[base]!;
    const behind = from.subarray(from.length - suffix);
    return concatBytes(from.subarray(0, prefix), fromHex(middle, 'middle'), behind);
  };

  it('refuses whatever the SDK refuses, and takes what it takes but for the named forms', () => {
    const wrong: string[] = [];
    const counts = { refused: 0, invalid: 0, taken: 0, stricter: 0 };
    for (const [i, each] of cases.entries()) {
      const refusal = refusalOf(bytesOf(each));
      const [, , , , change, verdict] = each;
      counts[verdict]++;
      const isStricter = STRICTER.some((form) => refusal !== undefined && form.test(refusal));
      if (verdict === 'taken' && isStricter) counts.stricter++;
      const agrees =
        verdict === 'invalid' ||
        (verdict === 'refused' ? refusal !== undefined : refusal === undefined || isStricter);
      if (!agrees) wrong.push(`${i} ${change}, the SDK: ${verdict}, here: ${refusal ?? 'taken'}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(
      cases.length > 2000 && counts.refused > 1000 && counts.taken > 800,
      JSON.stringify(counts),
    );
  });

  const TX_BODY = 'cosmos.tx.v1beta1.TxBody';
  const message = {
    '@type': '/cosmos.bank.v1beta1.MsgSend',
    from_address: 'a',
    to_address: 'b',
    amount: [{ denom: 'udepin', amount: '1' }],
  };
  const txOf = (body: object): Uint8Array =>
    new ProtoWriter()
      .bytes(1, fromJson(descriptors, TX_BODY, body, 'body'))
      .message(2, fromHex('1200'))
      .message(3, new Uint8Array(64))
      .finish();

  it('refuses no bytes, and a body without messages', () => {
    assert.match(refusalOf(new Uint8Array(0))!, /^tx: expected bytes, got none: tx parse error$/);
    assert.match(refusalOf(txOf({ memo: 'a' }))!, /must contain at least one message: invalid req/);
    assert.equal(refusalOf(txOf({ messages: [message] })), undefined);
  });

  it('takes a transaction of a megabyte, and bounds its messages', () => {
    const memo = 'm'.repeat(1_000_000);
    assert.equal(refusalOf(txOf({ messages: [message], memo })), undefined);
    // Each counts for an Any, what is in it, and a coin; the body counts as well.
    const messages = (count: number) => txOf({ messages: Array(count).fill(message) });
    assert.equal(refusalOf(messages(3333)), undefined);
    assert.match(refusalOf(messages(3334))!, /more than 10000 messages/);
  });

  it('names the place of what is wrong', () => {
    const second = { ...message, amount: [...message.amount, { denom: 'uz9', amount: '2' }] };
    const tx = txOf({ messages: [message, second] });
    const at = tx.lastIndexOf(0x32);
    assert.match(
      refusalOf(tx.with(at, 0x2e))!,
      /^body\.messages\[1\]\.value\.amount\[1\]\.amount: expected a whole number, got "\."/,
    );
  });
});
