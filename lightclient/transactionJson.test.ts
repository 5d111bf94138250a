import { strict as assert } from 'node:assert';
import { toBase64 } from '../wire/bytes.ts';
import { servedTransactionFromJson, txResultsFromJson } from './transactionJson.ts';

const hash = toBase64(new Uint8Array(32).fill(1));

/** The answer of tx, as CometBFT prints it. */
const tx = () => ({
  hash: 'AB'.repeat(32),
  height: '7',
  index: 0,
  tx_result: { code: 0 },
  tx: 'YT0x',
  proof: {
    root_hash: 'AB'.repeat(32),
    data: 'YT0x',
    proof: { total: '2', index: '0', leaf_hash: hash, aunts: [hash] },
  },
});

const proofWith = (change: object) => {
  const { proof } = tx();
  return { ...tx(), proof: { ...proof, proof: { ...proof.proof, ...change } } };
};

describe('the answer of tx', () => {
  it('is read with its proof', () => {
    const bytes = new Uint8Array(32).fill(1);
    assert.deepEqual(servedTransactionFromJson(tx(), 'tx'), {
      height: 7n,
      transaction: Uint8Array.of(97, 61, 49),
      proof: { index: 0, total: 2, leafHash: bytes, aunts: [bytes] },
    });
    const alone = servedTransactionFromJson(proofWith({ total: '1', aunts: null }), 'tx');
    assert.deepEqual(alone.proof.aunts, []);
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['no proof', { ...tx(), proof: undefined }, /tx\.proof: expected an object, got nothing/],
    ['height 0', { ...tx(), height: '0' }, /tx\.height: expected an integer from 1/],
    ['a height as a number', { ...tx(), height: 7 }, /tx\.height/],
    ['a transaction in hex', { ...tx(), tx: 'A' }, /tx\.tx: /],
    ['a total beyond all blocks', proofWith({ total: '1000001' }), /proof\.proof\.total/],
    ['an index below 0', proofWith({ index: '-1' }), /proof\.proof\.index/],
    ['a short leaf hash', proofWith({ leaf_hash: 'AQ==' }), /leaf_hash: expected 32 bytes/],
    ['a long aunt', proofWith({ aunts: [`${'A'.repeat(44)}`] }), /aunts\[0\]/],
    ['too many aunts', proofWith({ aunts: Array(101).fill(hash) }), /at most 100 items/],
  ];
  for (const [what, json, message] of refused) {
    it(`is refused with ${what}`, () => {
      const error = { name: 'TypeError', message };
      assert.throws(() => servedTransactionFromJson(json, 'tx'), error);
    });
  }
});

describe('the answer of block_results', () => {
  it('is read for what LastResultsHash covers', () => {
    const full = { code: 5, data: 'AQI=', gas_wanted: '9', gas_used: '4', log: 'x', events: [] };
    const { height, results } = txResultsFromJson({ height: '7', txs_results: [full, {}] }, '$');
    assert.equal(height, 7n);
    assert.deepEqual(results, [
      { code: 5, data: Uint8Array.of(1, 2), gasWanted: 9n, gasUsed: 4n },
      { code: 0, data: new Uint8Array(0), gasWanted: 0n, gasUsed: 0n },
    ]);
    assert.deepEqual(txResultsFromJson({ height: '7', txs_results: null }, '$').results, []);
  });

  it('is refused with wrong fields', () => {
    const read = (change: object) => () =>
      txResultsFromJson({ height: '7', txs_results: [{}], ...change }, '$');
    assert.throws(read({ height: undefined }), /\$\.height: .* got nothing/);
    assert.throws(read({ txs_results: {} }), /\$\.txs_results: expected an array/);
    assert.throws(read({ txs_results: [{ code: -1 }] }), /txs_results\[0\]\.code/);
    assert.throws(read({ txs_results: [{ gas_used: 4 }] }), /txs_results\[0\]\.gas_used/);
    assert.throws(read({ txs_results: [{ data: '%' }] }), /txs_results\[0\]\.data/);
  });
});
