import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TxResult } from '../../chain/abci/types.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { DEFAULT_CONSENSUS_PARAMS } from '../consensus/params.ts';
import { KeyValueApplication } from '../testing/keyValueApplication.ts';
import { Mempool, MempoolError } from './mempool.ts';

const tx = toUtf8;
const done: Pick<TxResult, 'code'> = { code: 0 };
const results = (...codes: number[]) => codes.map((code) => ({ ...done, code }) as TxResult);
const noCommit = async () => undefined;

const block = {
  height: 1n,
  time: 0n,
  hash: new Uint8Array(32),
  nextValidatorsHash: new Uint8Array(32),
  proposerAddress: new Uint8Array(20),
  misbehavior: [],
  decidedLastCommit: { round: 0, votes: [] },
};

async function makeMempool(limits = {}, room = { maxBytes: 1000n, maxGas: -1n }) {
  const application = await KeyValueApplication.open(join(tmpdir(), 'depind-none', 'app.json'));
  return new Mempool({ application, limits, blockLimits: () => room });
}
const refused = (code: string) => (error: unknown) =>
  error instanceof MempoolError && error.code === code;

describe('the mempool', () => {
  it('keeps the order of arrival and counts', async () => {
    const mempool = await makeMempool();
    for (const text of ['b=1', 'a=22', 'c=3']) await mempool.check(tx(text));
    assert.deepEqual(mempool.first(2), [tx('b=1'), tx('a=22')]);
    assert.deepEqual([mempool.size, mempool.sizeBytes], [3, 10]);
  });

  it('refuses a transaction that it knows, with the words of CometBFT', async () => {
    const mempool = await makeMempool();
    await mempool.check(tx('a=1'));
    await assert.rejects(mempool.check(tx('a=1')), /^MempoolError: tx already exists in cache$/);
    await mempool.update([tx('a=1')], results(0), noCommit);
    assert.equal(mempool.size, 0);
    await assert.rejects(mempool.check(tx('a=1')), refused('cached'));
  });

  it('takes one again that the application refused, or that failed in a block', async () => {
    const mempool = await makeMempool();
    assert.equal((await mempool.check(tx('bad'))).code, 2);
    assert.equal((await mempool.check(tx('bad'))).code, 2);
    await mempool.check(tx('fail=1'));
    await mempool.update([tx('fail=1')], results(5), noCommit);
    assert.equal((await mempool.check(tx('fail=1'))).code, 0);
  });

  it('refuses what is too large or too much', async () => {
    const small = await makeMempool({ maxTxBytes: 4 });
    await small.check(tx('a=12'));
    await assert.rejects(small.check(tx('a=123')), refused('tooLarge'));
    const few = await makeMempool({ maxTxs: 1 });
    await few.check(tx('a=1'));
    await assert.rejects(few.check(tx('b=1')), /mempool is full: number of txs 1 \(max: 1\)/);
    const block = await makeMempool({}, { maxBytes: 6n, maxGas: 10n });
    assert.equal((await block.check(tx('a=12'))).code, 0);
    await assert.rejects(block.check(tx('a=123')), refused('tooLarge'));
    const gas = await makeMempool({}, { maxBytes: 100n, maxGas: 9n });
    await assert.rejects(gas.check(tx('a=1')), /gas wanted 10 is greater than max gas 9/);
    assert.equal(gas.size, 0);
  });

  it('forgets the oldest hash when its cache is full', async () => {
    const mempool = await makeMempool({ cacheSize: 2 });
    for (const text of ['a=1', 'b=1', 'c=1']) await mempool.check(tx(text));
    await assert.rejects(mempool.check(tx('b=1')), refused('cached'));
    assert.equal((await mempool.check(tx('a=1'))).code, 0);
  });

  it('reaps no more than the bytes and gas of a block', async () => {
    const mempool = await makeMempool();
    for (const text of ['a=1', 'b=1', 'c=1']) await mempool.check(tx(text));
    assert.equal(mempool.reap({ maxBytes: 10n, maxGas: -1n }).length, 2);
    assert.equal(mempool.reap({ maxBytes: 9n, maxGas: -1n }).length, 1);
    assert.equal(mempool.reap({ maxBytes: 100n, maxGas: 29n }).length, 2);
    assert.equal(mempool.reap({ maxBytes: 100n, maxGas: 30n }).length, 3);
  });

  it('checks what waits again after a block, and drops what fails then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'depind-mempool-'));
    const application = await KeyValueApplication.open(join(folder, 'app.json'));
    await application.initChain({
      time: 0n,
      chainId: 'c',
      consensusParams: DEFAULT_CONSENSUS_PARAMS,
      validators: [],
      appStateBytes: new Uint8Array(0),
      initialHeight: 1n,
    });
    const blockLimits = () => ({ maxBytes: 1000n, maxGas: -1n });
    const mempool = new Mempool({ application, blockLimits });
    for (const text of ['once:k=1', 'once:k=2', 'other=1']) await mempool.check(tx(text));
    const { txResults } = await application.finalizeBlock({ ...block, txs: [tx('once:k=1')] });
    await mempool.update([tx('once:k=1')], txResults, async () => {
      await application.commit();
    });
    assert.deepEqual(mempool.first(9), [tx('other=1')]);
    assert.equal((await mempool.check(tx('once:k=2'))).code, 3, 'it may be asked for again');
    await rm(folder, { recursive: true });
  });
});
