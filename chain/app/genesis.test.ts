import assert from 'node:assert/strict';
import { fromHex, toUtf8 } from '../../wire/bytes.ts';
import { GenesisError, parseAppState } from './genesis.ts';

describe('the app_state of a genesis', () => {
  it('is read from its JSON', () => {
    assert.deepEqual(parseAppState(toUtf8('{"bank":{}}')), { bank: {} });
  });

  const refused: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(0), /^app_state: expected an object .*, got none$/],
    ['half of it', toUtf8('{"bank":'), /^app_state: expected JSON: /],
    ['text that is no UTF-8', fromHex('22ff22', 'text'), /^app_state: expected JSON: app_state: /],
  ];
  for (const [name, bytes, message] of refused) {
    it(`is refused: ${name}`, () => {
      assert.throws(
        () => parseAppState(bytes),
        (error) => error instanceof GenesisError && message.test(error.message),
      );
    });
  }
});
