import { deepEqual, equal, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { LegacyAminoPubKey } from '../../wire/gen/cosmos/crypto/multisig/keys.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { ChainError } from '../module/errors.ts';
import {
  type AccountKey,
  accountKeyOf,
  addressOfKey,
  checkPoints,
  countKeys,
} from './accountKeys.ts';

/** Printed by interop/aminovectors. */
const { multisigKeys } = JSON.parse(
  readFileSync(new URL('./amino/vectors/amino.json', import.meta.url), 'utf8'),
) as {
  multisigKeys: {
    threshold: number;
    keys: string[];
    any: string;
    address: string;
    nested: string;
    nestedAddress: string;
  }[];
};

const MULTISIG = '/cosmos.crypto.multisig.LegacyAminoPubKey';
const anyOf = (kind: string, key: Uint8Array) => ({
  typeUrl: `/cosmos.crypto.${kind}.PubKey`,
  value: PubKey.encode({ key }).finish(),
});
const multisigOf = (threshold: number, publicKeys: LegacyAminoPubKey['publicKeys']) => ({
  typeUrl: MULTISIG,
  value: LegacyAminoPubKey.encode({ threshold, publicKeys }).finish(),
});
const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ChainError) return `${error.codespace}/${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('account keys', () => {
  for (const { threshold, keys, any, address, nested, nestedAddress } of multisigKeys) {
    it(`have the address of the SDK: ${threshold} of ${keys.length}, and nested`, () => {
      const key = accountKeyOf({ typeUrl: MULTISIG, value: fromHex(any, 'any') });
      checkPoints(key);
      deepEqual(key, {
        type: 'multisig',
        threshold,
        keys: keys.map((text): AccountKey => ({ type: 'secp256k1', bytes: fromHex(text, 'key') })),
      });
      equal(countKeys(key), keys.length);
      equal(toHex(addressOfKey(key)), address);
      const outer = accountKeyOf({ typeUrl: MULTISIG, value: fromHex(nested, 'nested') });
      equal(countKeys(outer), keys.length + 1);
      equal(toHex(addressOfKey(outer)), nestedAddress);
    });
  }

  it('refuse kinds that an account cannot have', () => {
    const key = new Uint8Array(33).fill(2);
    equal(/^sdk\/8: ED25519/.test(refusal(() => accountKeyOf(anyOf('ed25519', key)))), true);
    equal(
      /^sdk\/8: .*got "\/a\.B"/.test(refusal(() => accountKeyOf({ typeUrl: '/a.B', value: key }))),
      true,
    );
    for (const kind of ['ed25519', 'secp256r1']) {
      const any = multisigOf(1, [anyOf(kind, key)]);
      equal(refusal(() => accountKeyOf(any)).startsWith('sdk/8: '), true, kind);
    }
  });

  it('refuse a threshold that nobody or anybody meets', () => {
    const one = anyOf('secp256k1', new Uint8Array(33));
    for (const [threshold, keys] of [
      [0, [one]],
      [2, [one]],
      [0, []],
      [1, []],
    ] as const) {
      const text = refusal(() => accountKeyOf(multisigOf(threshold, [...keys])));
      equal(text.includes(`expected 1 to ${keys.length}, got ${threshold}`), true, text);
    }
  });

  it('refuse bytes that are no point, in a multisig key as well', () => {
    const none = new Uint8Array(33);
    for (const any of [anyOf('secp256k1', none), anyOf('secp256r1', none.subarray(1))]) {
      equal(
        refusal(() => checkPoints(accountKeyOf(any))).startsWith('sdk/8: not a point of '),
        true,
      );
    }
    const inner = multisigOf(1, [anyOf('secp256k1', none)]);
    throws(() => checkPoints(accountKeyOf(multisigOf(1, [inner]))), /not a point of secp256k1/);
  });
});
