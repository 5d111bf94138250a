import assert from 'node:assert/strict';
import { fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import { type ChainRecord, decodeChainRecord, encodeChainRecord } from './chainRecord.ts';

const record: ChainRecord = {
  chainId: 'depin-test-1',
  initialHeight: 3n,
  timeNs: 1_700_000_000_000_000_001n,
  maxBlockGas: -1n,
  maxBlockBytes: 200_000n,
  extensionsFrom: 0n,
};

describe('the record of a chain', () => {
  it('reads back as it was written', () => {
    for (const extensionsFrom of [0n, 7n]) {
      const each = { ...record, extensionsFrom };
      assert.deepEqual(decodeChainRecord(encodeChainRecord(each)), each);
    }
  });

  it('has no more in it than before where votes carry nothing', () => {
    const text = '["depin-test-1","3","1700000000000000001","-1","200000"]';
    assert.equal(fromUtf8(encodeChainRecord(record)), text);
  });

  it('is refused where it is none', () => {
    for (const text of [
      '{}',
      '["c","1","2","3"]',
      '["c","1","2","3","4","5","6"]',
      '["c",1,2,3,4]',
    ]) {
      assert.throws(() => decodeChainRecord(toUtf8(text)), /expected five or six texts/, text);
    }
  });
});
