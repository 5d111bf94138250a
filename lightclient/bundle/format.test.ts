/** Bundles from strangers that hold far more than a proof has. */
import { strict as assert } from 'node:assert';
import { joinBytes } from '../../wire/bytes.ts';
import { encodeHeader } from '../../wire/header.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import { makeBlock, signersOf } from '../testing/chain.ts';
import { decodeBundle, MAX_BUNDLE_BYTES, MAX_LINKS } from './format.ts';

const NO_BYTES = new Uint8Array(0);
const START = Uint8Array.of(0x64, 0x70, 0x62, 1);
const [FIRST_PROOF, LAST_PROOF, LINKS] = [7, 12, 13];
const header = encodeHeader(
  makeBlock({ height: 5n, signers: signersOf('bundle', [1n]) }).signedHeader.header,
);

/** An element of a message, so often. */
function times(count: number, field: number, element: Uint8Array): Uint8Array {
  const one = new ProtoWriter().message(field, element).finish();
  const all = new Uint8Array(one.length * count);
  for (let at = 0; at < all.length; at += one.length) all.set(one, at);
  return all;
}

/** A bundle whose proofs are a byte each. */
function bundleOf(
  fields: Readonly<Record<number, Uint8Array>>,
  links: Uint8Array = NO_BYTES,
): Uint8Array {
  const writer = new ProtoWriter().message(1, header);
  for (const [number, bytes] of Object.entries(fields)) writer.message(Number(number), bytes);
  for (let field = FIRST_PROOF; field <= LAST_PROOF; field++) {
    writer.message(field, Uint8Array.of(1));
  }
  return joinBytes([START, writer.finish(), links]);
}

describe('A bundle of a stranger', () => {
  const most = MAX_BUNDLE_BYTES / 2 - 1_000;
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['votes', bundleOf({ 2: times(most, 4, NO_BYTES) }), /field votes: expected at most 10000/],
    [
      'validators',
      bundleOf({ 3: times(most, 1, NO_BYTES) }),
      /field validators: expected at most 10000/,
    ],
    [
      'links',
      bundleOf({}, times(most, LINKS, NO_BYTES)),
      new RegExp(`field links: expected at most ${MAX_LINKS}`),
    ],
    [
      'links, by one',
      bundleOf({}, times(MAX_LINKS + 1, LINKS, NO_BYTES)),
      new RegExp(`field links: expected at most ${MAX_LINKS}`),
    ],
    ['bytes', new Uint8Array(MAX_BUNDLE_BYTES + 1), /expected at most \d+ bytes/],
    ['proofs', bundleOf({ 7: Uint8Array.of(1) }), /field recordProof stands twice/],
    ['headers', joinBytes([START, times(2, 1, header)]), /field header stands twice/],
  ];
  for (const [name, bytes, why] of cases) {
    it(`is refused for too many ${name}, by the first of them`, () => {
      assert.throws(() => decodeBundle(bytes), why);
    });
  }
});
