import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { fromBase64, fromHex } from '../wire/bytes.ts';
import { KEY_TYPES, type KeyType, nobleVerifier } from '../wire/signature.ts';
import { createWebVerifier, type WebCrypto } from './webVerifier.ts';

interface SignedCase {
  readonly name: string;
  readonly keyType: KeyType;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly ok: boolean;
}

const file = new URL('../wire/vectors/signatures.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly SignedCase[];
const { subtle } = globalThis.crypto;

describe('createWebVerifier', () => {
  it('finds what Node has built in', async () => {
    const { native } = await createWebVerifier();
    assert.deepEqual(native, { ed25519: true, p256: true });
  });

  for (const keyType of KEY_TYPES) {
    it(`gives the official verdicts on ${keyType} signatures`, async () => {
      const verifier = await createWebVerifier();
      const group = cases.filter((signed) => signed.keyType === keyType);
      assert.ok(group.length > 5);
      for (const { name, key, message, signature, ok } of group) {
        const given = [fromBase64(signature), fromBase64(message), fromBase64(key)] as const;
        assert.equal(await verifier[keyType](...given), ok, name);
      }
    });
  }

  it('answers false to any lengths', async () => {
    const verifier = await createWebVerifier();
    for (const keyType of KEY_TYPES) {
      for (const length of [0, 1, 32, 33, 63, 64, 65, 1000]) {
        const bytes = new Uint8Array(length).fill(0xff);
        assert.equal(await verifier[keyType](bytes, bytes, bytes), false, `${keyType} ${length}`);
      }
    }
  });

  it('agrees with noble on signatures that were changed anywhere', async () => {
    const verifier = await createWebVerifier();
    const secret = new Uint8Array(32).fill(3);
    const message = fromHex('0102030405');
    const signed = {
      ed25519: [ed25519.sign(message, secret), message, ed25519.getPublicKey(secret)],
      p256: [p256.sign(message, secret, { lowS: true }), message, p256.getPublicKey(secret)],
    } as const;
    const change = fc.record({
      keyType: fc.constantFrom('ed25519' as const, 'p256' as const),
      part: fc.constantFrom(0, 1, 2),
      at: fc.nat(63),
      bit: fc.nat(8),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ keyType, part, at, bit }) => {
        const given = signed[keyType].map((bytes) => Uint8Array.from(bytes));
        const bytes = given[part]!;
        // Bit 8 changes nothing: right signatures occur too.
        bytes[at % bytes.length]! ^= (1 << bit) & 0xff;
        const [signature, text, key] = given as [Uint8Array, Uint8Array, Uint8Array];
        const expected = nobleVerifier[keyType](signature, text, key);
        assert.equal(await verifier[keyType](signature, text, key), expected);
      }),
      { numRuns: 150 },
    );
  });

  it('asks noble only about what was not taken', async () => {
    const answers: boolean[] = [];
    const verifier = await createWebVerifier({
      importKey: subtle.importKey.bind(subtle) as WebCrypto['importKey'],
      verify: async (...asked) => {
        const answer = await subtle.verify(...asked);
        answers.push(answer);
        return answer;
      },
    });
    answers.length = 0;
    const small = cases.find(({ name, ok }) => name.startsWith('small order') && ok)!;
    const given = [small.signature, small.message, small.key].map((text) => fromBase64(text));
    assert.equal(await verifier.ed25519(given[0]!, given[1]!, given[2]!), true, small.name);
    assert.equal(answers.length <= 1, true);
  });

  const fakes: readonly (readonly [string, WebCrypto | undefined])[] = [
    ['there is none', undefined],
    ['it knows neither', { importKey: () => reject(), verify: () => reject() }],
    ['it takes anything', { importKey: importAnything, verify: async () => true }],
    ['it takes nothing', { importKey: importAnything, verify: async () => false }],
  ];
  for (const [name, fake] of fakes) {
    it(`leaves everything to noble when ${name}`, async () => {
      // The default would stand in for undefined.
      const verifier = await (fake === undefined ? withoutSubtle() : createWebVerifier(fake));
      assert.deepEqual(verifier.native, { ed25519: false, p256: false });
      for (const keyType of KEY_TYPES) {
        assert.equal(verifier[keyType], nobleVerifier[keyType]);
      }
    });
  }
});

function reject(): Promise<never> {
  return Promise.reject(new Error('NotSupportedError'));
}

function importAnything(): ReturnType<WebCrypto['importKey']> {
  return subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['verify', 'sign']);
}

/** As on a page that came by http from another machine. */
async function withoutSubtle() {
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
  try {
    return await createWebVerifier();
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
  }
}
