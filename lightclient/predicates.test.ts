import { strict as assert } from 'node:assert';
import { hashHeader } from '../wire/header.ts';
import type { Validator } from '../wire/types.ts';
import { MAX_TOTAL_VOTING_POWER } from '../wire/validatorSet.ts';
import { isLastBlockOf, isValidatorSetWellFormed } from './predicates.ts';
import { makeBlock, NO_BLOCK, signersOf } from './testing/chain.ts';

describe('isLastBlockOf', () => {
  const signers = signersOf('last', [1n]);
  const { header } = makeBlock({ height: 8n, signers }).signedHeader;
  const hashless = { ...header, validatorsHash: new Uint8Array(0) };
  const above = (hash: Uint8Array) =>
    makeBlock({ height: 9n, signers, header: { lastBlockId: { ...NO_BLOCK, hash } } }).signedHeader
      .header;

  it('takes the header that is named, and no other', () => {
    assert.equal(isLastBlockOf(header, above(hashHeader(header))).ok, true);
    assert.equal(isLastBlockOf(hashless, above(hashHeader(header))).ok, false);
  });

  it('takes none where none is named, not even one without a hash', () => {
    assert.equal(hashHeader(hashless).length, 0);
    for (const untrusted of [header, hashless]) {
      const expected = {
        ok: false,
        reason: 'lastBlockId',
        got: "none: 9 is the chain's first height",
        expected: 'a hash',
      };
      assert.deepEqual(isLastBlockOf(untrusted, above(NO_BLOCK.hash)), expected);
    }
  });
});

describe('isValidatorSetWellFormed', () => {
  const sets = (powers: readonly bigint[]) =>
    signersOf('set', powers).map(({ validator }) => validator);
  const four = sets([10n, 10n, 10n, 10n]);
  const [first, ...rest] = four;
  const most = MAX_TOTAL_VOTING_POWER;
  const cases: readonly (readonly [string, readonly Validator[], string | undefined])[] = [
    ['four', four, undefined],
    ['none', [], '0 validators'],
    ['too many', new Array<Validator>(10_001).fill(first!), '10001 validators'],
    ['one twice', [...four, first!], 'twice'],
    ['one with two powers', [...four, { ...first!, votingPower: 20n }], 'twice'],
    ['one without power', [...rest, { ...first!, votingPower: 0n }], undefined],
    ['a negative power', [...rest, { ...first!, votingPower: -1n }], 'a power of -1'],
    ['all the power there is', sets([most - 1n, 1n]), undefined],
    ['more than that', sets([most, 1n]), `a total power of ${most + 1n}`],
    ['another address', [...rest, { ...first!, address: four[1]!.address }], 'address'],
  ];
  for (const [name, validators, why] of cases) {
    it(`${why === undefined ? 'takes' : 'refuses'} ${name}`, () => {
      const verdict = isValidatorSetWellFormed(validators);
      assert.equal(verdict.ok, why === undefined);
      if (!verdict.ok) assert.ok(verdict.got.includes(why!), verdict.got);
    });
  }
});
