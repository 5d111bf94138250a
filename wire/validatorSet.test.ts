import assert from 'node:assert/strict';
import { merkleRoot } from './merkle.ts';
import { ProtoWriter } from './protobuf.ts';
import { encodePublicKey, hashValidatorSet } from './validatorSet.ts';

describe('the hash of a validator set', () => {
  it('is over key and power as protobuf writes them, whatever the power', () => {
    for (const [type, length] of [
      ['ed25519', 32],
      ['secp256k1', 33],
    ] as const) {
      for (const votingPower of [0n, 1n, 127n, 128n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 60n]) {
        const publicKey = { type, bytes: new Uint8Array(length).fill(7) };
        const key = encodePublicKey(publicKey);
        const leaf = new ProtoWriter().message(1, key).varint(2, votingPower).finish();
        const hash = hashValidatorSet([{ publicKey, votingPower }]);
        assert.deepEqual(hash, merkleRoot([leaf]), `${type}, ${votingPower}`);
      }
    }
  });

  it('refuses a key of a wrong length', () => {
    const publicKey = { type: 'ed25519', bytes: new Uint8Array(31) } as const;
    assert.throws(() => hashValidatorSet([{ publicKey, votingPower: 1n }]), {
      name: 'TypeError',
      message: 'publicKey: expected 32 bytes of ed25519, got 31 bytes',
    });
  });
});
