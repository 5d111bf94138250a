import { strict as assert } from 'node:assert';
import { confirmedBy } from './nodes.ts';

describe('who confirms headers', () => {
  it('is said of all witnesses together: one of them is enough, and others may be silent', () => {
    assert.equal(confirmedBy([]), 'nobody, by choice');
    assert.equal(confirmedBy(['a']), 'a');
    assert.equal(confirmedBy(['a', 'b']), 'at least one of a, b');
  });
});
