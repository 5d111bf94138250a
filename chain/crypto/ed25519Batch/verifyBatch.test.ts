import assert from 'node:assert/strict';
import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { fromBase64, toUtf8 } from '../../../wire/bytes.ts';
import { nobleVerifier } from '../../../wire/signature.ts';
import { sharedBatchKernel } from '../kernels/loadKernels.ts';
import { GROUP_ORDER } from './curve.ts';
import { ed25519Batch } from './verifyBatch.ts';

interface Signed {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

const { Point } = ed25519;

/** Printed by CometBFT: among them 276 edge cases of ZIP-215. */
const VECTORS = (
  JSON.parse(
    readFileSync(new URL('../../../wire/vectors/signatures.json', import.meta.url), 'utf8'),
  ) as readonly {
    keyType: string;
    name: string;
    key: string;
    message: string;
    signature: string;
    ok: boolean;
  }[]
).filter(({ keyType }) => keyType === 'ed25519');

class Signer {
  readonly #key: KeyObject;
  readonly publicKey: Uint8Array;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    this.publicKey = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(12));
  }

  sign(text: string): Signed {
    const message = toUtf8(text);
    const signature = new Uint8Array(sign(null, message, this.#key));
    return { signature, message, publicKey: this.publicKey };
  }
}

const fromLittleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);

const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

const withScalar = (signed: Signed, change: (s: bigint) => bigint): Signed => {
  const signature = signed.signature.slice();
  signature.set(littleEndian(change(fromLittleEndian(signature.subarray(32)))), 32);
  return { ...signed, signature };
};

const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
  const changed = bytes.slice();
  changed[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7);
  return changed;
};

describe('a batch of ed25519 signatures', () => {
  const verify = ed25519Batch(sharedBatchKernel());
  const signers = Array.from({ length: 40 }, () => new Signer());
  const some = (count: number): Signed[] =>
    Array.from({ length: count }, (_, i) => signers[i % signers.length]!.sign(`message ${i}`));

  it('verifies when all are valid: of any number, of the same keys, twice the same', () => {
    for (const count of [0, 1, 2, 3, 4, 5, 17, 101, 256, 257, 600]) {
      assert.ok(verify(some(count)), `${count} signatures`);
    }
    const [one] = some(1);
    assert.ok(verify([one!, one!, ...some(5), one!]));
    const own = new Signer();
    const many = Array.from({ length: 20 }, (_, i) => own.sign(`${i}`));
    for (let round = 0; round < 3; round++) assert.ok(verify(many), 'all of one new key');
  });

  it('does not verify with one that noble refuses, wherever a bit is wrong', () => {
    const inputs = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      place: fc.nat(),
      field: fc.constantFrom('signature' as const, 'message' as const, 'publicKey' as const),
      bit: fc.nat(511),
    });
    fc.assert(
      fc.property(inputs, ({ count, place, field, bit }) => {
        const batch = some(count);
        const good = batch[place % count]!;
        const bad = { ...good, [field]: flip(good[field], bit) };
        batch[place % count] = bad;
        const expected = nobleVerifier.ed25519(bad.signature, bad.message, bad.publicKey);
        assert.equal(expected, false);
        assert.equal(verify(batch), expected);
      }),
      { numRuns: 150 },
    );
    for (const place of [0, 255, 256, 299]) {
      const batch = some(300);
      batch[place] = { ...batch[place]!, message: toUtf8('another') };
      assert.equal(verify(batch), false, `place ${place}`);
    }
  });

  it('does not verify when what is wrong with two cancels out', () => {
    const batch = some(8);
    for (const d of [1n, 8n, GROUP_ORDER >> 1n]) {
      const changed = [...batch];
      changed[2] = withScalar(batch[2]!, (s) => (s + d) % GROUP_ORDER);
      changed[5] = withScalar(batch[5]!, (s) => (s + GROUP_ORDER - d) % GROUP_ORDER);
      assert.equal(verify(changed), false);
    }
    const swapped = [...batch];
    const [first, second] = [batch[0]!, batch[1]!];
    swapped[0] = { ...first, signature: second.signature };
    swapped[1] = { ...second, signature: first.signature };
    assert.equal(verify(swapped), false);
    const [twice, inverse] = [withScalar(first, (s) => (s + 1n) % GROUP_ORDER), first];
    assert.equal(verify([twice, twice, inverse]), false);
  });

  it('gives the answers of CometBFT to the edge cases of ZIP-215, at each place', () => {
    assert.ok(VECTORS.length >= 276);
    const others = some(4);
    for (const [i, { name, key, message, signature, ok }] of VECTORS.entries()) {
      const edge = {
        signature: fromBase64(signature),
        message: fromBase64(message),
        publicKey: fromBase64(key),
      };
      assert.equal(verify([edge]), ok, `${name}, alone`);
      assert.equal(verify(others.toSpliced(i % 5, 0, edge)), ok, `${name}, at ${i % 5}`);
    }
    const valid = VECTORS.filter(({ ok }) => ok).map(({ key, message, signature }) => ({
      signature: fromBase64(signature),
      message: fromBase64(message),
      publicKey: fromBase64(key),
    }));
    assert.ok(verify(valid), 'all valid ones together');
  });

  it('forgets a key that is no point, and those that came with it', () => {
    const noPoint = littleEndian(2n);
    assert.throws(() => Point.fromBytes(noPoint));
    const fresh = Array.from({ length: 6 }, () => new Signer().sign('with others'));
    for (let place = 0; place < fresh.length; place++) {
      const bad = fresh.with(place, { ...fresh[place]!, publicKey: noPoint });
      assert.equal(verify(bad), false);
      assert.equal(verify(bad), false, 'nor the second time');
      assert.equal(verify(fresh), true);
    }
  });

  it('goes on after a batch that broke off before the points of its keys were made', () => {
    const [fresh, other] = [new Signer(), new Signer()].map((signer) => signer.sign('broken off'));
    const short = { ...other!, signature: other!.signature.subarray(1) };
    // More keys than are remembered: every place is taken anew.
    for (let batch = 0; batch < 5; batch++) {
      assert.equal(verify([fresh!, short]), false);
      assert.ok(verify(Array.from({ length: 250 }, () => new Signer().sign('takes a place'))));
    }
    assert.ok(verify([fresh!, other!]));
  });

  it('refuses s from the order on, and what has another length', () => {
    const [good] = some(1);
    assert.equal(verify([withScalar(good!, (s) => s + GROUP_ORDER)]), false);
    assert.equal(verify([{ ...good!, signature: good!.signature.subarray(1) }]), false);
    assert.equal(verify([{ ...good!, publicKey: good!.publicKey.subarray(1) }]), false);
  });

  it('takes points with a component of small order, in R and in the key', () => {
    const torsion = Point.fromHex(
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    );
    const secret = 12_345_678_901_234_567_890n;
    const nonce = 98_765_432_109_876_543_210n;
    const message = toUtf8('torsion');
    const batch: Signed[] = [];
    for (let i = 0; i < 8; i++) {
      const add = (point: typeof torsion): typeof torsion =>
        Array.from({ length: i }).reduce<typeof torsion>((sum) => sum.add(torsion), point);
      const publicKey = add(Point.BASE.multiply(secret)).toBytes();
      const r = (
        i % 2 === 0 ? Point.BASE.multiply(nonce) : add(Point.BASE.multiply(nonce))
      ).toBytes();
      const hashed = hash('sha512', Uint8Array.from([...r, ...publicKey, ...message]), 'buffer');
      const s = (nonce + (fromLittleEndian(hashed) % GROUP_ORDER) * secret) % GROUP_ORDER;
      const signature = Uint8Array.from([...r, ...littleEndian(s)]);
      assert.ok(nobleVerifier.ed25519(signature, message, publicKey));
      batch.push({ signature, message, publicKey });
      assert.ok(verify(batch.slice(i)));
    }
    assert.ok(verify(batch));
    assert.ok(verify([...batch, ...some(20)]));
  });

  it('knows a key again after others have taken its place', () => {
    const batches = Array.from({ length: 9 }, () =>
      Array.from({ length: 128 }, () => new Signer().sign('many keys')),
    );
    for (const batch of [...batches, ...batches]) assert.ok(verify(batch));
    const [first, second] = [batches[0]!, batches[1]!];
    for (let round = 0; round < 8; round++) {
      assert.ok(verify(first.slice(0, 90)), 'keys that come often have wide addends');
    }
    const mixed = [...first.slice(1), { ...first[0]!, publicKey: second[0]!.publicKey }];
    assert.equal(verify(mixed), false);
  });
});
