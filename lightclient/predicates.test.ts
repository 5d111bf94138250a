import { strict as assert } from 'node:assert';
import { hashHeader } from '../wire/header.ts';
import { isLastBlockOf } from './predicates.ts';
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
