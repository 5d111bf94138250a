import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BaseAccount } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { Any } from '../../wire/gen/google/protobuf/any.ts';
import { type Account, accountFromAny, accountToAny, accountValue } from './account.ts';
import { decodeBaseAccount, encodeBaseAccount } from './baseAccountBytes.ts';

const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const number = fc.oneof(fc.constantFrom(0n, 1n, 127n, 128n, 2n ** 49n, 2n ** 49n + 1n), uint64);
const pubKey = fc.oneof(
  fc.constant(undefined),
  fc.uint8Array({ minLength: 33, maxLength: 33 }).map((key) => ({
    typeUrl: '/cosmos.crypto.secp256k1.PubKey',
    value: PubKey.encode({ key }).finish(),
  })),
  fc.record({
    typeUrl: fc.constantFrom(
      '/cosmos.crypto.secp256k1.PubKey',
      '/cosmos.crypto.secp256r1.PubKey',
      '',
    ),
    value: fc.uint8Array({ maxLength: 80 }),
  }),
);
const base = fc.record({
  address: fc.oneof(fc.stringMatching(/^depin1[a-z0-9]{0,58}$/), fc.string({ maxLength: 120 })),
  pubKey,
  accountNumber: number,
  sequence: number,
});

describe('accounts in state', () => {
  const general = {
    encode: (account: Account) => Any.encode(accountToAny(account)).finish(),
    decode: (bytes: Uint8Array) => accountFromAny(Any.decode(bytes)),
  };

  it('have the bytes of the general codec, whichever way they go', () => {
    fc.assert(
      fc.property(base, (given) => {
        const account: Account = { base: given };
        const bytes = general.encode(account);
        assert.deepEqual(accountValue.encode(account), bytes);
        assert.deepEqual(accountValue.decode(bytes), general.decode(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('of people go the short way, others do not', () => {
    const given = BaseAccount.fromPartial({
      address: 'depin1aaa',
      accountNumber: 7n,
      sequence: 300n,
    });
    const short = encodeBaseAccount(given);
    assert.deepEqual(short, general.encode({ base: given }));
    assert.deepEqual(decodeBaseAccount(short!), given);
    assert.equal(encodeBaseAccount({ ...given, address: 'ä' }), undefined);
    assert.equal(encodeBaseAccount({ ...given, sequence: 1n << 60n }), undefined);
    const module = { name: 'mint', permissions: ['minter'] };
    const bytes = accountValue.encode({ base: given, module });
    assert.equal(decodeBaseAccount(bytes), undefined);
    assert.deepEqual(accountValue.decode(bytes), { base: given, module });
  });

  it('are read as the general codec reads them when bytes are changed', () => {
    const change = fc.record({ account: base, at: fc.nat(), byte: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(change, ({ account, at, byte, cut }) => {
        const bytes = general.encode({ base: account }).slice();
        bytes[at % bytes.length] = byte;
        const changed = cut ? bytes.subarray(0, at % bytes.length) : bytes;
        const short = decodeBaseAccount(changed);
        if (short !== undefined) assert.deepEqual({ base: short }, general.decode(changed));
      }),
      { numRuns: 2000 },
    );
  });
});
