/** What verifies when a native package is missing, does not load or answers wrongly: nothing but the speed may change. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { fromBase64 } from '../../wire/bytes.ts';
import { type KeyType, nobleVerifier } from '../../wire/signature.ts';
import type { chooseBackend, describeBackend } from './chooseBackend.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const PACKAGES = join(HERE, '../../node_modules');
const SODIUM = `sodium-native/prebuilds/${process.platform}-${process.arch}/sodium-native.node`;

interface Vector {
  readonly keyType: KeyType;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly ok: boolean;
}

/** Good signatures and bad ones of each kind. */
const VECTORS = (['ed25519', 'secp256k1', 'p256'] as const).flatMap((type) => {
  const path = new URL('../../wire/vectors/signatures.json', import.meta.url);
  const all = JSON.parse(readFileSync(path, 'utf8')) as readonly Vector[];
  const of = (ok: boolean) => all.filter((each) => each.keyType === type && each.ok === ok);
  return [...of(true).slice(0, 2), ...of(false).slice(0, 2)];
});

/** A package in the place of the real one: the text of its entry. */
type Fake = { readonly [path: string]: string };

const sodiumThat = (answers: string): Fake => ({
  [`${SODIUM}/index.js`]: `
    exports.calls = 0;
    exports.crypto_sign_verify_detached = (...parts) => {
      exports.calls += 1;
      return ${answers};
    };`,
});
const REAL_SODIUM = JSON.stringify(join(PACKAGES, SODIUM));
const HONEST = sodiumThat(`require(${REAL_SODIUM}).crypto_sign_verify_detached(...parts)`);

const secp256k1That = (answer: boolean): Fake => ({
  'secp256k1/bindings.js': `
    exports.ecdsaVerify = () => ${answer};
    exports.publicKeyVerify = (key) => key.length === 33;`,
});

const LIBAUTH_THAT_TAKES_ALL: Fake = {
  '@bitauth/libauth/package.json': '{"type":"module","exports":"./index.js"}',
  '@bitauth/libauth/index.js': `
    export const instantiateSecp256k1 = async () => ({
      verifySignatureCompactLowS: () => true,
      validatePublicKey: () => true,
    });`,
};

interface Chosen {
  readonly description: string;
  /** How often the one in the place of libsodium was asked. */
  sodiumCalls(): number;
}

describe('the crypto back end of a machine', function () {
  this.timeout(20_000);
  let root: string;
  let bundle: Uint8Array;
  let machines = 0;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'depind-crypto-'));
    const { outputFiles } = await build({
      entryPoints: [join(HERE, 'chooseBackend.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      external: ['@bitauth/libauth'],
      logLevel: 'silent',
    });
    bundle = outputFiles[0]!.contents;
  });
  after(() => rm(root, { recursive: true, force: true }));

  /** The program in a folder of its own, which finds these packages and no others. */
  async function machineWith(links: readonly string[], ...fakes: Fake[]): Promise<Chosen> {
    const folder = join(root, `${machines++}`);
    for (const name of links) {
      await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
      await symlink(join(PACKAGES, name), join(folder, 'node_modules', name));
    }
    for (const [path, text] of fakes.flatMap((fake) => Object.entries(fake))) {
      await mkdir(dirname(join(folder, 'node_modules', path)), { recursive: true });
      await writeFile(join(folder, 'node_modules', path), text);
    }
    const program = join(folder, 'program.mjs');
    await mkdir(folder, { recursive: true });
    await writeFile(program, bundle);
    const loaded = (await import(pathToFileURL(program).href)) as {
      chooseBackend: typeof chooseBackend;
      describeBackend: typeof describeBackend;
    };
    const chosen = await loaded.chooseBackend('');
    for (const { keyType, key, message, signature, ok } of VECTORS) {
      const [k, m, s] = [fromBase64(key), fromBase64(message), fromBase64(signature)];
      assert.equal(chosen.backend.verifier[keyType](s, m, k), ok, `${keyType}: ${signature}`);
      assert.equal(nobleVerifier[keyType](s, m, k), ok);
    }
    const binding = () => createRequire(program)(SODIUM) as { readonly calls: number };
    return {
      description: loaded.describeBackend(chosen),
      sodiumCalls: () => binding().calls,
    };
  }

  const NATIVE = ['secp256k1', '@bitauth/libauth'];

  it('is native with libsodium where all packages load', async () => {
    const { description, sodiumCalls } = await machineWith(NATIVE, HONEST);
    assert.equal(description, 'native');
    assert.ok(sodiumCalls() > 3, 'it was asked for more than its self-test');
  });

  it('has ed25519 of OpenSSL where libsodium is missing, does not load or fails its self-test', async () => {
    assert.equal((await machineWith(NATIVE)).description, 'native');
    const broken = { [SODIUM]: 'no program of any machine' };
    assert.equal((await machineWith(NATIVE, broken)).description, 'native');
    const lying = ['true', 'false', "(() => { throw new Error('no such call') })()"];
    for (const answers of lying) {
      const { description, sodiumCalls } = await machineWith(NATIVE, sodiumThat(answers));
      assert.equal(description, 'native');
      assert.ok(sodiumCalls() <= 2, `asked ${sodiumCalls()} times`);
    }
  });

  it('is WebAssembly where libsecp256k1 is missing or fails its self-test', async () => {
    const missing = await machineWith(['@bitauth/libauth']);
    assert.match(
      missing.description,
      /^wasm \(native: crypto back end native does not load: Cannot find module 'secp256k1\/bindings\.js'\)$/,
    );
    const lax = await machineWith(['@bitauth/libauth'], secp256k1That(true));
    assert.match(
      lax.description,
      /^wasm \(native: .*: secp256k1 signature of another message: expected false, got true\)$/,
    );
    const strict = await machineWith(['@bitauth/libauth'], secp256k1That(false));
    assert.match(
      strict.description,
      /^wasm \(native: .*: secp256k1 signature: expected true, got false\)$/,
    );
  });

  it('is noble where none of them loads or passes', async () => {
    const bare = await machineWith([]);
    assert.match(
      bare.description,
      /^noble \(native: .* does not load: .*; wasm: .* does not load: Cannot find package '@bitauth\/libauth'/,
    );
    const lying = await machineWith([], secp256k1That(true), LIBAUTH_THAT_TAKES_ALL);
    assert.match(lying.description, /^noble \(native: .*got true; wasm: .*got true\)$/);
  });
});
