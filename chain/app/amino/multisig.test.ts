import { deepEqual, equal, throws } from 'node:assert/strict';
import { SignMode } from '../../../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import type { ModeInfo } from '../../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { ProtoWriter } from '../../../wire/protobuf.ts';
import type { AccountKey, MultisigKey } from '../accountKeys.ts';
import { singleSignatures } from './multisig.ts';

const AMINO: ModeInfo = { single: { mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON } };

const keyOf = (byte: number): AccountKey => ({ type: 'secp256k1', bytes: Uint8Array.of(byte) });
const multisigOf = (threshold: number, keys: AccountKey[]): MultisigKey => ({
  type: 'multisig',
  threshold,
  keys,
});
const tenKeys = multisigOf(1, [...Array(10).keys()].map(keyOf));

const modeOf = (bits: string, modeInfos: ModeInfo[]): ModeInfo => {
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((part) =>
    Number.parseInt(part.padEnd(8, '0'), 2),
  );
  const bitarray = { extraBitsStored: bits.length % 8, elems: Uint8Array.from(bytes) };
  return { multi: { bitarray, modeInfos } };
};
const signatureOf = (...signatures: Uint8Array[]): Uint8Array => {
  const writer = new ProtoWriter();
  for (const signature of signatures) writer.message(1, signature);
  return writer.finish();
};
/** First byte of each key that signs, with the first byte of its signature. */
const pairs = (key: AccountKey, mode: ModeInfo, signature: Uint8Array): (number | undefined)[][] =>
  singleSignatures(key, mode, signature).map((part) => [part.key.bytes[0], part.signature[0]]);

describe('singleSignatures', () => {
  it('gives a single key what it came with', () => {
    const signature = Uint8Array.of(9);
    deepEqual(singleSignatures(keyOf(1), AMINO, signature), [
      { key: keyOf(1), mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON, signature },
    ]);
    equal(singleSignatures(keyOf(1), undefined, signature)[0]?.mode, undefined);
    equal(singleSignatures(keyOf(1), modeOf('1', [AMINO]), signature)[0]?.mode, undefined);
  });

  it('counts bits from the highest of the first byte, over bytes', () => {
    const signature = signatureOf(...[20, 21, 22].map((byte) => Uint8Array.of(byte)));
    const modes = [AMINO, AMINO, AMINO];
    const expected = [
      [0, 20],
      [7, 21],
      [9, 22],
    ];
    deepEqual(pairs(tenKeys, modeOf('1000000101', modes), signature), expected);
    throws(() => pairs(tenKeys, modeOf('10000001', modes), signature), /expected 10 bits/);
    const eight = multisigOf(1, tenKeys.keys.slice(0, 8));
    const two = signatureOf(Uint8Array.of(20), Uint8Array.of(21));
    deepEqual(pairs(eight, modeOf('10000001', [AMINO, AMINO]), two), expected.slice(0, 2));
    throws(() => pairs(eight, { multi: { modeInfos: [] } }, two), /expected 8 bits, got 0 bytes/);
  });

  it('goes into a multisig key inside another', () => {
    const inner = multisigOf(2, [keyOf(1), keyOf(2), keyOf(3)]);
    const outer = multisigOf(2, [keyOf(7), inner]);
    const signature = signatureOf(
      Uint8Array.of(27),
      signatureOf(Uint8Array.of(21), Uint8Array.of(23)),
    );
    const mode = modeOf('11', [AMINO, modeOf('101', [AMINO, AMINO])]);
    deepEqual(pairs(outer, mode, signature), [
      [7, 27],
      [1, 21],
      [3, 23],
    ]);
    const few = modeOf('11', [AMINO, modeOf('001', [AMINO])]);
    throws(() => pairs(outer, few, signature), /expected at least 2 signers, got 1/);
    const flat = modeOf('11', [AMINO, AMINO]);
    throws(() => pairs(outer, flat, signature), /expected multi/);
  });

  it('takes nothing but AMINO_JSON from the keys within', () => {
    const modes = [SignMode.SIGN_MODE_DIRECT, SignMode.SIGN_MODE_TEXTUAL, SignMode.UNRECOGNIZED];
    for (const mode of modes) {
      const info = modeOf('1000000000', [{ single: { mode } }]);
      throws(
        () => pairs(tenKeys, info, signatureOf(Uint8Array.of(1))),
        /multisig mode: .*got -?\d/,
      );
    }
  });
});
