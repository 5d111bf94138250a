/** What a back end must answer before it is used: a signature of each kind, and what is wrong with it. */
import { concatBytes, fromHex, toUtf8 } from '../../wire/bytes.ts';
import { KEY_TYPES, type KeyType, type VerifySignature } from '../../wire/signature.ts';
import type { CryptoBackend } from './backend.ts';
import type { VerifyBatch } from './ed25519Batch/verifyBatch.ts';

interface Sample {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  /** The same r with the order of the curve less s: refused. */
  readonly highS?: Uint8Array;
}

const MESSAGE = toUtf8('depind verifies signatures');

const SAMPLES: Readonly<Record<KeyType, Sample>> = {
  ed25519: {
    publicKey: fromHex('74f829aef06c91d00143d31e2546cb14f444eb5f13f3a4acbed198768b31238e'),
    signature: fromHex(
      'dfefa4b3efe08bd89ffc9cb282d6bc8e3ec38a8f3691632faa98afc8543e4c78' +
        'ffbc6915e8f34b890155b479aa066059e513ad5bc811e2fc3f67e82287623800',
    ),
  },
  secp256k1: {
    publicKey: fromHex('0237bc6beee14139c398ac095436f88e0df6286903e0440adf5a8672736326da86'),
    signature: fromHex(
      '4d89c8549d34901186cf7f6cd697edf45b4a078633c7a802ab9ae799d509d866' +
        '5fc17f0c4949cefb5843237dc261daa907887eaa04476d55b785d5e2a6af63d0',
    ),
    highS: fromHex(
      '4d89c8549d34901186cf7f6cd697edf45b4a078633c7a802ab9ae799d509d866' +
        'a03e80f3b6b63104a7bcdc823d9e2555b3265e3cab0132e6084c88aa2986dd71',
    ),
  },
  p256: {
    publicKey: fromHex('029771d66b7234dcbc492c9accd0d0f8e4a9a64fe09dd3746a59894389bcf2fe8b'),
    signature: fromHex(
      'ddec66dda4cb9c644b73db3ed6ca42b7f1953ec4201e3a3e2dbfd2f36e821af5' +
        '2338a0b809696bc2cf999a4c75061c610a7f834cce70a56a807c45802bd919c3',
    ),
    highS: fromHex(
      'ddec66dda4cb9c644b73db3ed6ca42b7f1953ec4201e3a3e2dbfd2f36e821af5' +
        'dcc75f46f696943e306665b38af9e39eb2677760d8a6f91a733d8542d08a0b8e',
    ),
  },
};

/** @throws Error naming the answer that is wrong. */
export function selfTest(backend: CryptoBackend): void {
  const expect = (what: string, got: boolean, wanted: boolean): void => {
    if (got === wanted) return;
    throw new Error(`crypto back end ${backend.name}: ${what}: expected ${wanted}, got ${got}`);
  };
  for (const type of KEY_TYPES) {
    const { publicKey, signature, highS } = SAMPLES[type];
    const verify = backend.verifier[type];
    expect(`${type} signature`, verify(signature, MESSAGE, publicKey), true);
    // What OpenSSL refuses of ed25519 goes to noble, which takes too long for every start of a program.
    if (highS === undefined) continue;
    const other = MESSAGE.subarray(1);
    expect(`${type} signature of another message`, verify(signature, other, publicKey), false);
    const zeroR = concatBytes(new Uint8Array(32), signature.subarray(32));
    expect(`${type} signature with r of 0`, verify(zeroR, MESSAGE, publicKey), false);
    expect(`${type} high S`, verify(highS, MESSAGE, publicKey), false);
  }
  const { publicKey } = SAMPLES.secp256k1;
  expect('secp256k1 key', backend.isPublicKey('secp256k1', publicKey), true);
  expect('secp256k1 key cut short', backend.isPublicKey('secp256k1', publicKey.subarray(1)), false);
}

/**
 * For ed25519 that is not noble's, before noble is put behind its refusals.
 * @throws Error when it refuses a good signature, or takes it for another message.
 */
export function selfTestEd25519(name: string, verify: VerifySignature): void {
  const { publicKey, signature } = SAMPLES.ed25519;
  const takesGood = verify(signature, MESSAGE, publicKey);
  const takesOther = verify(signature, MESSAGE.subarray(1), publicKey);
  if (takesGood && !takesOther) return;
  throw new Error(
    `${name}: ed25519 signature: expected true, false; got ${takesGood}, ${takesOther}`,
  );
}

/** @throws Error when batches with a bad signature verify, or good ones do not. */
export function selfTestBatch(verify: VerifyBatch): void {
  const { publicKey, signature } = SAMPLES.ed25519;
  const good = { publicKey, signature, message: MESSAGE };
  // Seven are enough for the wide addends of the key.
  const batch = new Array<typeof good>(8).fill(good);
  const takesGood = verify(batch);
  const takesBad = verify([...batch, { ...good, message: MESSAGE.subarray(1) }]);
  if (takesGood && !takesBad) return;
  throw new Error(`ed25519 batch: expected true, false; got ${takesGood}, ${takesBad}`);
}
