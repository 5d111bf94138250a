import assert from 'node:assert/strict';
import { hintFor, hintIn } from './hints.ts';

describe('hints about failed transactions', () => {
  it('tell a used sequence from a fee that is too low to replace what waits', () => {
    const mismatch = 'account sequence mismatch, expected 1, got 0';
    const underpriced = `${mismatch}; replacement underpriced: 1udepin for 100 gas`;
    assert.match(hintFor('sdk', 32, mismatch)!, /^another transaction .* came in between/);
    assert.match(hintFor('sdk', 32, underpriced)!, /pay what is needed with --fees to replace it$/);
    assert.equal(hintIn(`${underpriced} (sdk/32)`), hintFor('sdk', 32, underpriced));
  });

  it('are none for codes that say it all, and for other texts', () => {
    assert.equal(hintFor('sdk', 99, ''), undefined);
    assert.equal(hintIn('it failed'), undefined);
  });
});
