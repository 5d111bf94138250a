import assert from 'node:assert/strict';
import fc from 'fast-check';
import { concatBytes } from '../../wire/bytes.ts';
import { MsgMultiSend, MsgSend } from '../../wire/gen/cosmos/bank/v1beta1/tx.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { SignMode } from '../../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import { AuthInfo, TxBody } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import { Descriptors } from './descriptors.ts';
import { plainTextOf } from './plainText.ts';
import { isPlain } from './plainWire.ts';
import { signersOf } from './signers.ts';
import { walkStrictly } from './strict.ts';

const BODY = 'cosmos.tx.v1beta1.TxBody';
const AUTH_INFO = 'cosmos.tx.v1beta1.AuthInfo';
const SEND = '/cosmos.bank.v1beta1.MsgSend';
const COIN = { denom: 'udepin', amount: '17' };
const send = MsgSend.encode({ fromAddress: 'alice', toAddress: 'bob', amount: [COIN] }).finish();
const multiSend = MsgMultiSend.encode({
  inputs: [{ address: 'alice', coins: [COIN] }],
  outputs: [{ address: 'bob', coins: [COIN] }],
}).finish();

const bodyOf = (...messages: { readonly typeUrl: string; readonly value: Uint8Array }[]) =>
  TxBody.encode(TxBody.fromPartial({ messages, memo: 'rent', timeoutHeight: 900n })).finish();
const authInfo = AuthInfo.encode(
  AuthInfo.fromPartial({
    signerInfos: [
      {
        publicKey: {
          typeUrl: '/cosmos.crypto.secp256k1.PubKey',
          value: PubKey.encode({ key: new Uint8Array(33).fill(2) }).finish(),
        },
        modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } },
        sequence: 7n,
      },
    ],
    fee: { amount: [COIN], gasLimit: 200_000n, payer: '', granter: '' },
  }),
).finish();

const good: readonly [name: string, bytes: Uint8Array][] = [
  [BODY, bodyOf({ typeUrl: SEND, value: send })],
  [BODY, bodyOf({ typeUrl: SEND, value: send }, { typeUrl: SEND, value: send })],
  [BODY, bodyOf({ typeUrl: '/cosmos.bank.v1beta1.MsgMultiSend', value: multiSend })],
  [AUTH_INFO, authInfo],
];

describe('the quick way through plain bytes', () => {
  const descriptors = Descriptors.load();
  const isStrict = (name: string, bytes: Uint8Array): boolean => {
    try {
      const result = walkStrictly(descriptors, name, bytes, { allowUnknownNonCriticals: true });
      return !result.hasUnknownNonCriticals;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  };

  it('takes common transactions', () => {
    for (const [name, bytes] of good) {
      assert.equal(isPlain(descriptors, name, bytes), true, name);
      assert.equal(isStrict(name, bytes), true, name);
    }
  });

  it('takes nothing that the strict walk refuses or remarks on', () => {
    const edit = fc.record({
      at: fc.nat(400),
      kind: fc.constantFrom('flip', 'set', 'insert', 'remove', 'double', 'append', 'cut'),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(0x0a, 0x12, 0x1a, 0x00, 0x80, 0x7f, 0x22)),
    });
    let taken = 0;
    const property = fc.property(
      fc.constantFrom(...good),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      ([name, bytes], edits) => {
        const changed = edits.reduce(edited, bytes);
        if (!isPlain(descriptors, name, changed)) return;
        taken += 1;
        assert.equal(isStrict(name, changed), true);
      },
    );
    fc.assert(property, { numRuns: 6000 });
    assert.ok(taken > 80, `only ${taken} changed transactions were taken`);
  });

  const left: readonly [what: string, bytes: Uint8Array][] = [
    [
      'a message type that is unknown',
      bodyOf({ typeUrl: '/cosmos.bank.v1beta1.MsgGone', value: send }),
    ],
    [
      'a message that no transaction holds',
      bodyOf({ typeUrl: '/cosmos.tx.v1beta1.TxBody', value: new Uint8Array(0) }),
    ],
    ['a type URL without a slash', bodyOf({ typeUrl: SEND.slice(1), value: send })],
    [
      'an unknown field that may be ignored',
      concatBytes(good[0]![1], new ProtoWriter().varint(1024, 1n).finish()),
    ],
    [
      'a memo that stands twice',
      concatBytes(good[0]![1], new ProtoWriter().string(2, 'a').finish()),
    ],
    ['a length that is not minimal', Uint8Array.of(0x12, 0x81, 0x00, 0x61)],
    ['text that is not ASCII', new ProtoWriter().string(2, 'Miete für März').finish()],
    ['a cut field', good[0]![1].subarray(0, -1)],
  ];
  for (const [what, bytes] of left) {
    it(`leaves ${what} to the strict walk`, () => {
      assert.equal(isPlain(descriptors, BODY, bytes), false);
    });
  }

  it('leaves keys of P-256, which must be points, to the strict walk', () => {
    const key = new ProtoWriter().bytes(1, new Uint8Array(33).fill(2)).finish();
    assert.equal(isPlain(descriptors, 'cosmos.crypto.secp256k1.PubKey', key), true);
    assert.equal(isPlain(descriptors, 'cosmos.crypto.secp256r1.PubKey', key), false);
  });

  it('reads the only signer as the slow way does', () => {
    assert.equal(plainTextOf(send, 1), 'alice');
    assert.equal(plainTextOf(send, 4), undefined);
    assert.equal(plainTextOf(concatBytes(send, send), 1), undefined);
    assert.equal(plainTextOf(send.subarray(0, 4), 1), undefined);
    assert.deepEqual(signersOf(descriptors, SEND, send), ['alice']);
    assert.throws(() => signersOf(descriptors, SEND, new Uint8Array(0)), /signer is missing/);
  });
});

function edited(
  bytes: Uint8Array,
  { at: place, kind, byte }: { readonly at: number; readonly kind: string; readonly byte: number },
): Uint8Array {
  const at = bytes.length === 0 ? 0 : place % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const one = Uint8Array.of(byte);
  if (kind === 'insert') return concatBytes(before, one, after);
  if (kind === 'remove') return concatBytes(before, after.subarray(1));
  if (kind === 'double') return concatBytes(bytes, after);
  if (kind === 'append') return concatBytes(bytes, one);
  if (kind === 'cut') return before;
  const changed = bytes.slice();
  if (changed.length > 0) changed[at] = kind === 'set' ? byte : changed[at]! ^ (1 << (byte % 8));
  return changed;
}
