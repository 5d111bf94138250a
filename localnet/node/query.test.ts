import assert from 'node:assert/strict';
import { eventsMatch, parseQuery, valueMatches } from './query.ts';

const events = new Map([
  ['tm.event', ['Tx']],
  ['transfer.amount', ['8atom', '10.50stake']],
  ['transfer.sender', ["o'neill", 'AND']],
  ['block.time', ['2024-05-01T10:00:00Z']],
]);
const matches = (query: string) => eventsMatch(parseQuery(query), events);

describe('the query language', () => {
  const table: [string, boolean][] = [
    ["tm.event='Tx'", true],
    ["tm.event = 'NewBlock'", false],
    ["tm.event='Tx' AND transfer.amount > 10", true],
    ['transfer.amount>10.5', false],
    ['transfer.amount>=10.5', true],
    ['transfer.amount < 8', false],
    ['transfer.amount <= 8', true],
    ['transfer.amount = 8', true],
    ["transfer.sender CONTAINS 'neill'", true],
    ["transfer.sender = 'AND'", true],
    ['transfer.sender EXISTS', true],
    ['transfer EXISTS', true],
    ['reward EXISTS', false],
    ['block.time >= TIME 2024-05-01T12:00:00+02:00', true],
    ['block.time > TIME 2024-05-01T10:00:00Z', false],
  ];
  for (const [query, expected] of table) {
    it(`${query} → ${expected}`, () => assert.equal(matches(query), expected));
  }

  it('compares integers exactly beyond 53 bits', () => {
    const [condition] = parseQuery('a.b > 9007199254740992');
    assert.ok(valueMatches(condition!, '9007199254740993'));
    assert.ok(!valueMatches(condition!, '9007199254740992'));
  });

  const mistakes = [
    '',
    'a.b',
    'a.b =',
    "a.b = 'x",
    'a.b = x',
    "a.b < 'x'",
    "a.b = 'x' OR c = 'y'",
    "a.b = 'x' AND",
    'AND a.b = 1',
    'a.b CONTAINS 5',
    'a.b ! 5',
    'a.b = TIME yesterday',
    'a.b = -5',
    `a = '${'x'.repeat(600)}'`,
  ];
  for (const query of mistakes) {
    it(`refuses ${JSON.stringify(query.slice(0, 30))}`, () => {
      assert.throws(() => parseQuery(query), TypeError);
    });
  }
});
