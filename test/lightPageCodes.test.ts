/** What the page of the light client makes of what it scans. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bundleToCode, checkpointToText } from '../lightclient/codes/index.ts';
import {
  contentOf,
  contentOfBytes,
  deviceToText,
  shownText,
} from '../lightclient/demo/codeContent.ts';
import { bundleToText } from '../lightclient/index.ts';
import { toUtf8 } from '../wire/bytes.ts';

const ID = '0f'.repeat(20);
const bundle = Uint8Array.of(0x64, 0x70, 0x62, 1, 2, 3);
const checkpoint = { chainId: 'depind-1', height: 5n, hash: new Uint8Array(32) };

describe('what a scanned code says', () => {
  const device = (chainId?: string) => ({ kind: 'device', deviceId: ID, chainId });
  const proof = { kind: 'proof', bundle };
  for (const [what, text, content] of [
    ['a device of a chain', deviceToText('depind-1', ID), device('depind-1')],
    ['a device of a chain with odd letters', deviceToText('a&id=b ü', ID), device('a&id=b ü')],
    ['an id', ID, device()],
    ['an id in upper case, with white space', ` ${ID.toUpperCase()}\n`, device()],
    ['a link to a device', `https://a.example/light/#device=${ID}`, device()],
    ['a checkpoint', checkpointToText(checkpoint), { kind: 'checkpoint', checkpoint }],
    ['a proof', bundleToCode(bundle), proof],
    ['a proof for messages', bundleToText(bundle), proof],
    ['a proof that a message has broken up', `ZHBi\n AQID\n`, proof],
  ] as const) {
    it(`is read: ${what}`, () => {
      assert.deepEqual(contentOf(text), content);
      assert.deepEqual(contentOfBytes(toUtf8(text)), content);
    });
  }

  for (const [what, text] of [
    ['nothing', ''],
    ['a link elsewhere', 'https://a.example/'],
    ['39 digits', ID.slice(1)],
    ['41 digits', `${ID}0`],
    ['a device without a chain', `depind:device?chain=&id=${ID}`],
    ['a device with an id in upper case', deviceToText('a', ID.toUpperCase())],
    ['a device with more', `${deviceToText('a', ID)}&x=1`],
    ['a device with a broken escape', `depind:device?chain=%E0&id=${ID}`],
    ['a checkpoint at height 0', checkpointToText({ ...checkpoint, height: 0n })],
    ['a proof in other letters', bundleToCode(bundle).toLowerCase()],
    ['a proof that ends early', bundleToCode(bundle).slice(0, -2)],
    ['a text that begins as a proof', 'ZHBi, said the bee'],
  ] as const) {
    it(`is unknown: ${what}`, () => assert.deepEqual(contentOf(text), { kind: 'unknown', text }));
  }

  it('is the proof itself in a file, and nothing in bytes that are no text', () => {
    assert.deepEqual(contentOfBytes(bundle), { kind: 'proof', bundle });
    assert.equal(contentOfBytes(Uint8Array.of(0x64, 0xff)), undefined);
  });

  it('is shown in one line, without characters that draw over others', () => {
    assert.equal(shownText('a\n\u202eb\u0000\u200b  c\t'), 'a b c');
    assert.equal(shownText('é'.repeat(201)), `${'é'.repeat(200)}…`);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void contentOf(text).kind));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void contentOfBytes(bytes)?.kind));
  });
});
