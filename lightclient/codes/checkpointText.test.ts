import { strict as assert } from 'node:assert';
import { checkpointFromText, checkpointToText } from './checkpointText.ts';

const HASH = '0A'.repeat(32);
const hash = new Uint8Array(32).fill(10);

describe('a checkpoint as text', () => {
  for (const [chainId, chain] of [
    ['depind-localnet-1', 'depind-localnet-1'],
    ['a b&c=d/é', 'a%20b%26c%3Dd%2F%C3%A9'],
  ] as const) {
    it(`is written and read: ${chainId}`, () => {
      const text = `depind:checkpoint?chain=${chain}&height=5000&hash=${HASH}`;
      assert.equal(checkpointToText({ chainId, height: 5_000n, hash }), text);
      assert.deepEqual(checkpointFromText(text), { chainId, height: 5_000n, hash });
    });
  }

  const base = `depind:checkpoint?chain=a&height=1&hash=${HASH}`;
  for (const [what, text] of [
    ['another scheme', base.replace('depind', 'other')],
    ['no chain', base.replace('=a', '=')],
    ['height 0', base.replace('height=1', 'height=0')],
    ['a leading zero', base.replace('height=1', 'height=01')],
    ['a height above 18 digits', base.replace('height=1', `height=${'9'.repeat(19)}`)],
    ['a short hash', base.slice(0, -1)],
    ['a hash in lower case', base.toLowerCase()],
    ['one more field', `${base}&x=1`],
    ['a field twice', base.replace('height=1', 'height=1&height=2')],
    ['another order', `depind:checkpoint?height=1&chain=a&hash=${HASH}`],
    ['escapes that are not needed', base.replace('=a', '=%61')],
    ['a broken escape', base.replace('=a', '=%E0')],
    ['a longer chain id than there is', base.replace('=a', `=${'a'.repeat(151)}`)],
    ['white space', ` ${base}`],
    ['nothing', ''],
  ] as const) {
    it(`is not read of ${what}`, () => assert.equal(checkpointFromText(text), undefined));
  }
});
