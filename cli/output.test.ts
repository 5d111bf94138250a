import assert from 'node:assert/strict';
import { errorText } from './errors.ts';
import { printable, renderText } from './output.ts';

describe('output for people', () => {
  it('shows objects as lines, lists of objects as tables, and nothing as a dash', () => {
    const value = {
      balances: [
        { denom: 'udepin', amount: '5' },
        { denom: 'uzed', amount: '12345' },
      ],
      pagination: { next_key: null, total: '2' },
      names: ['a', 'b'],
      none: [],
    };
    assert.deepEqual(renderText(value).split('\n'), [
      'balances:',
      '  DENOM   AMOUNT',
      '  udepin  5',
      '  uzed    12345',
      'pagination:',
      '  next_key: -',
      '  total: 2',
      'names:',
      '  - a',
      '  - b',
      'none: none',
    ]);
  });

  it('writes control characters of the chain as escapes', () => {
    assert.equal(printable('a\u001b[2Jb\u202e'), 'a\\u001b[2Jb\\u202e');
    assert.equal(renderText({ moniker: 'x\r\u001b[1A' }), 'moniker: x\\u000d\\u001b[1A');
  });

  it('tells an error in one line, and its causes only for debugging', () => {
    const error = new Error('port 1\n is in use', { cause: new Error('EADDRINUSE') });
    assert.equal(errorText(error, false), 'error: port 1 is in use');
    assert.match(errorText(error, true), /caused by error: Error: EADDRINUSE/);
  });
});
