import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromHex, toHex } from '../../wire/bytes.ts';
import { VOTE_TYPE } from '../../wire/types.ts';
import { voteExtensionSignBytes, voteSignBytes } from '../../wire/vote.ts';
import { ed25519Key, verifyEd25519 } from './ed25519.ts';
import { DoubleSignError, parseKey, Signer, validatorKey, validatorKeyToText } from './signer.ts';

const seed = fromHex('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
const key = validatorKey(seed);
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const blockId = (byte: number) => ({ hash: hash(byte), parts: { total: 1, hash: hash(byte) } });
const vote = {
  type: VOTE_TYPE.prevote,
  height: 5n,
  round: 0,
  blockId: blockId(1),
  timestamp: 1_700_000_000_000_000_001n,
  validatorAddress: key.address,
  validatorIndex: 0,
} as const;

describe('the signer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-signer-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const open = () => Signer.open(key, join(folder, 'priv_validator_state.json'));

  it('writes the key file that CometBFT writes for this seed', () => {
    const text = validatorKeyToText(key);
    // Printed by privval.FilePVKey for ed25519.GenPrivKeyFromSecret("x").
    assert.match(text, /"address": "10CB5E1084A782671DE977B8097F5606B726919F"/);
    assert.match(text, /"value": "zZd7tqRa5QpsN58h37sn8pW9ebfm3Vu7GGUaKuAE24g="/);
    assert.deepEqual(parseKey(text, 'key'), key);
  });

  it('refuses a key file whose parts do not belong together', () => {
    const text = validatorKeyToText(key);
    assert.throws(() => parseKey(text.replace('10CB', '11CB'), 'key.json'), /key\.json\.address/);
    assert.throws(() => parseKey(text.replace('LXEW', 'LXEX'), 'key.json'), /priv_key\.value/);
    assert.throws(() => parseKey('{}', 'key.json'), /key\.json\.priv_key: expected an object/);
  });

  it('signs what noble verifies', async () => {
    const signed = await (await open()).sign('c', vote);
    assert.ok(ed25519.verify(signed.signature, voteSignBytes('c', vote), key.publicKey));
  });

  it('writes its state before it gives the signature away', async () => {
    const signed = await (await open()).sign('c', vote);
    const state = JSON.parse(await readFile(join(folder, 'priv_validator_state.json'), 'utf8'));
    assert.equal(state.height, '5');
    assert.equal(state.step, 2);
    assert.equal(state.signbytes, toHex(voteSignBytes('c', vote)).toUpperCase());
    assert.equal(state.signature, Buffer.from(signed.signature).toString('base64'));
  });

  it('gives the first signature and time again when only the time differs, also after a restart', async () => {
    const first = await (await open()).sign('c', vote);
    const again = await (await open()).sign('c', { ...vote, timestamp: vote.timestamp + 5n });
    assert.deepEqual(again, first);
  });

  const conflicts = [
    ['another block', { blockId: blockId(2) }],
    ['an earlier height', { height: 4n }],
  ] as const;
  for (const [name, change] of conflicts) {
    it(`never signs ${name} after a vote, also after a restart`, async () => {
      const signer = await open();
      await signer.sign('c', vote);
      await assert.rejects(signer.sign('c', { ...vote, ...change }), DoubleSignError);
      await assert.rejects((await open()).sign('c', { ...vote, ...change }), DoubleSignError);
    });
  }

  it('never signs a prevote after the precommit of its height', async () => {
    const signer = await open();
    await signer.sign('c', { ...vote, type: VOTE_TYPE.precommit });
    await assert.rejects(signer.sign('c', vote), /lies before the last vote/);
  });

  const precommit = { ...vote, type: VOTE_TYPE.precommit } as const;
  const price = Uint8Array.of(41);

  it('signs an extension beside the precommit, an empty one too', async () => {
    for (const [height, extension] of [
      [5n, price],
      [6n, new Uint8Array(0)],
    ] as const) {
      const signed = await (await open()).sign('c', { ...precommit, height }, extension);
      assert.deepEqual(signed.extension!.extension, extension);
      const signBytes = voteExtensionSignBytes('c', { height, round: 0, extension });
      assert.ok(ed25519.verify(signed.extension!.signature, signBytes, key.publicKey));
    }
  });

  it('gives the first extension again for the same precommit, also after a restart', async () => {
    const signer = await open();
    const first = await signer.sign('c', precommit, price);
    const later = { ...precommit, timestamp: vote.timestamp + 5n };
    assert.deepEqual(await signer.sign('c', later, Uint8Array.of(42)), first);
    assert.deepEqual(await (await open()).sign('c', later, Uint8Array.of(42)), first);
    assert.equal((await signer.sign('c', { ...precommit, height: 6n })).extension, undefined);
  });

  it('never signs a precommit with an extension that it signed without, or the other way', async () => {
    const signer = await open();
    await signer.sign('c', precommit);
    await assert.rejects(signer.sign('c', precommit, price), /signed without an extension before/);
    await signer.sign('c', { ...precommit, height: 6n }, price);
    await assert.rejects(
      (await open()).sign('c', { ...precommit, height: 6n }),
      /signed with an extension before/,
    );
  });

  for (const [name, alter, message] of [
    [
      'altered bytes of the extension',
      (t) => t.replace(/"extensionsignbytes": "../, '"extensionsignbytes": "00'),
      /\.extensionsignature: expected one of its own key/,
    ],
    [
      'no signature of the extension',
      (t) => t.replace(/ *"extensionsignature": .*\n/, ''),
      /\.extensionsignature: expected/,
    ],
    [
      'the extension of another height',
      (t, other) => {
        const [, lines] = /("extensionsignature.*"extensionsignbytes": "[^"]*")/s.exec(other)!;
        return t.replace(/"extensionsignature.*"extensionsignbytes": "[^"]*"/s, lines!);
      },
      /extensionsignbytes: expected an extension of height 5 round 0, got one of height 6/,
    ],
    [
      'an extension without its precommit',
      (t) => t.replace(/ *"signature": .*\n *"signbytes": .*\n/, ''),
      /extensionsignbytes: expected none without a precommit/,
    ],
  ] as readonly [string, (text: string, other: string) => string, RegExp][]) {
    it(`refuses a state with ${name}, and says what to do`, async () => {
      const path = join(folder, 'priv_validator_state.json');
      const textAt = async (height: bigint): Promise<string> => {
        await (await open()).sign('c', { ...precommit, height }, price);
        return readFile(path, 'utf8');
      };
      const text = await textAt(5n);
      const altered = alter(text, await textAt(6n));
      assert.notEqual(altered, text);
      await writeFile(path, altered);
      await assert.rejects(open(), message);
      await assert.rejects(open(), /put its newest copy back/);
    });
  }

  for (const [name, alter, message] of [
    [
      'another height',
      (t) => t.replace('"height": "5"', '"height": "6"'),
      /signbytes: expected a vote of height 6 .*got one of height 5/,
    ],
    [
      'another round',
      (t) => t.replace('"round": 0', '"round": 1'),
      /signbytes: expected a vote of height 5 round 1/,
    ],
    ['another step', (t) => t.replace('"step": 2', '"step": 3'), /signbytes: expected .* step 3/],
    [
      'an altered signature',
      (t) => t.replace(/"signature": "..../, '"signature": "AAAA'),
      /\.signature: expected one of its own key/,
    ],
    [
      'altered sign bytes',
      (t) => t.replace(/"signbytes": "../, '"signbytes": "00'),
      /\.signature: expected one of its own key/,
    ],
    [
      'no signature',
      (t) => t.replace(/ *"signature": .*\n/, ''),
      /expected signature and signbytes, or neither/,
    ],
  ] as readonly [string, (text: string) => string, RegExp][]) {
    it(`refuses a state with ${name}, and says what to do`, async () => {
      await (await open()).sign('c', vote);
      const path = join(folder, 'priv_validator_state.json');
      const text = await readFile(path, 'utf8');
      assert.notEqual(alter(text), text);
      await writeFile(path, alter(text));
      await assert.rejects(open(), message);
      await assert.rejects(open(), /put its newest copy back/);
    });
  }

  it('names the file and field of a state that cannot be read', async () => {
    await writeFile(join(folder, 'priv_validator_state.json'), '{"height":"x","round":0,"step":0}');
    await assert.rejects(open(), /priv_validator_state\.json\.height: expected an integer/);
  });
});

describe('ed25519', () => {
  it('signs as noble does', () => {
    const message = hash(7);
    const native = ed25519Key(seed);
    assert.equal(toHex(native.sign(message)), toHex(ed25519.sign(message, seed)));
    assert.equal(toHex(native.publicKey), toHex(ed25519.getPublicKey(seed)));
  });

  it('takes what ZIP-215 takes and OpenSSL refuses', () => {
    // A small-order key with a small-order, non-canonical R: valid by the cofactored equation alone.
    const smallOrder = fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    const signature = Uint8Array.of(...smallOrder, ...new Uint8Array(32));
    assert.ok(verifyEd25519(smallOrder, hash(1), signature));
  });

  it('refuses a changed message, signature or key', () => {
    const { publicKey, sign } = ed25519Key(seed);
    const signature = sign(hash(1));
    assert.ok(verifyEd25519(publicKey, hash(1), signature));
    assert.ok(!verifyEd25519(publicKey, hash(2), signature));
    assert.ok(
      !verifyEd25519(
        publicKey,
        hash(1),
        signature.map((b, i) => (i === 9 ? b ^ 1 : b)),
      ),
    );
    assert.ok(!verifyEd25519(ed25519Key(hash(3)).publicKey, hash(1), signature));
    assert.ok(!verifyEd25519(publicKey.subarray(1), hash(1), signature));
  });
});
