import assert from 'node:assert/strict';
import { hashOf } from '../../chain/app/waitingTxs.ts';
import { outcomeOf, Pool, send } from '../support/pool.ts';
import type { TestAccount } from '../support/testChain.ts';

/** What a tenth more is asked of, and what the next one has to pay. */
const UNDERPRICED =
  /^sdk\/32: account sequence mismatch, expected 1, got 0; replacement underpriced: (.*): incorrect account sequence$/;

describe('a waiting transaction', () => {
  let pool: Pool;
  let [alice, bob, carol]: TestAccount[] = [];

  const start = async (options = {}): Promise<void> => {
    pool = await Pool.start(options);
    [alice, bob, carol] = pool.chain.accounts as TestAccount[];
  };
  beforeEach(() => start());

  const codes = async (given?: readonly Uint8Array[]): Promise<readonly number[]> =>
    (await pool.block(given)).map(({ code }) => code);

  it('is replaced by one that pays a tenth more, in its place', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    const second = await pool.tx([alice!], { sequence: 1 });
    const third = await pool.tx([alice!], { sequence: 2 });
    for (const each of [first, second, third]) assert.equal(await pool.check(each), 'waits');
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '5500' });
    assert.equal(await pool.check(dearer), 'waits');
    assert.deepEqual(await pool.propose(), [dearer, second, third]);
    assert.deepEqual(await codes(), [0, 0, 0]);
    assert.equal(pool.mempool.size, 0, 'the replaced one has gone');
  });

  it('stays when another one pays too little, and is told what is enough', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    assert.equal(await pool.check(first), 'waits');
    const cases = [
      [{ fee: '5499' }, '5499udepin for 100000 gas, ', '5500udepin'],
      [{ fee: '5500', gas: 100_001n }, '5500udepin for 100001 gas, ', '5501udepin'],
      [{ fee: '5499', gas: 50_000n }, '5499udepin for 50000 gas, ', '5500udepin'],
      [{ fee: '' }, 'nothing for 100000 gas, ', '5500udepin'],
      [{ coins: [{ denom: 'uother', amount: '9000' }] }, '9000uother for', '5500udepin'],
    ] as const;
    for (const [changes, offer, enough] of cases) {
      const outcome = await pool.check(await pool.tx([alice!], { sequence: 0, ...changes }));
      const [, detail] = UNDERPRICED.exec(outcome) ?? assert.fail(outcome);
      assert.ok(detail!.startsWith(offer), detail);
      const rest = `5000udepin for 100000 gas waits with this sequence, at least ${enough} is needed`;
      assert.ok(detail!.endsWith(rest), detail);
    }
    assert.deepEqual(await pool.propose(), [first]);
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '5501', gas: 100_001n });
    assert.equal(await pool.check(dearer), 'waits');
  });

  it('that pays nothing is replaced by one that pays anything', async () => {
    assert.equal(await pool.check(await pool.tx([alice!], { sequence: 0, fee: '' })), 'waits');
    const other = await pool.tx([alice!], { sequence: 0, fee: '', memo: 'as little' });
    assert.match(await pool.check(other), /at least 1udepin is needed/);
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '1' });
    assert.equal(await pool.check(dearer), 'waits');
    assert.deepEqual(await pool.propose(), [dearer]);
  });

  it('is replaced again and again, each time by a tenth more', async () => {
    const txs = [];
    for (const fee of ['100', '110', '121', '134']) {
      txs.push(await pool.tx([alice!], { sequence: 0, fee }));
      assert.equal(await pool.check(txs.at(-1)!), 'waits');
    }
    const less = await pool.tx([alice!], { sequence: 0, fee: '147' });
    assert.match(await pool.check(less), /at least 148udepin is needed/);
    assert.deepEqual(await pool.propose(), [txs[3]]);
    await pool.block([]);
    assert.deepEqual(pool.mempool.first(9), [txs[3]]);
    assert.match(await pool.check(txs[0]!), UNDERPRICED, 'the first does not come back');
    assert.deepEqual(await codes(), [0]);
  });

  it('is refused with the reason when it is checked again after it was replaced', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '9000' });
    await pool.check(first);
    await pool.check(dearer);
    await pool.chain.block([]);
    const again = await pool.chain.app.checkTx({ tx: first, type: 'recheck' });
    const by = hashOf(dearer).toUpperCase();
    const reason = `sdk/32: replaced by ${by}, which pays more: incorrect account sequence`;
    assert.equal(outcomeOf(again), reason);
    assert.equal((await pool.chain.app.checkTx({ tx: dearer, type: 'recheck' })).code, 0);
  });

  it('keeps its place through blocks that pass it over, though the pool has it last', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    const second = await pool.tx([alice!], { sequence: 1 });
    const others = [await pool.tx([bob!], { sequence: 0 }), await pool.tx([bob!], { sequence: 1 })];
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '9000' });
    for (const each of [first, second, ...others, dearer]) await pool.check(each);
    for (let i = 0; i < 3; i++) {
      await pool.block([]);
      assert.deepEqual(pool.mempool.first(9), [second, ...others, dearer]);
      assert.deepEqual(await pool.propose(), [dearer, second, ...others]);
    }
    assert.deepEqual(await codes(others.slice(0, 1)), [0]);
    assert.deepEqual(await codes(), [0, 0, 0]);
    assert.equal(pool.mempool.size, 0);
  });

  it('is brought into a block from behind what fits', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    const second = await pool.tx([alice!], { sequence: 1 });
    for (const each of [first, second]) await pool.check(each);
    for (let sequence = 0; sequence < 3; sequence++)
      await pool.check(await pool.tx([bob!], { sequence }));
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '9000' });
    assert.equal(await pool.check(dearer), 'waits');
    const room = BigInt(first.length + second.length + 2 * 3);
    assert.deepEqual(pool.mempool.reap({ maxBytes: room, maxGas: -1n }), [first, second]);
    assert.deepEqual(await pool.propose(room), [dearer, second]);
    const one = BigInt(first.length + 3);
    assert.deepEqual(await pool.propose(one), [dearer], 'also in the room of the first alone');
    await pool.block([]);
    assert.deepEqual(await pool.propose(room), [dearer, second]);
  });

  it('of several signers is replaced by one of all of them alone', async () => {
    const both = await pool.tx([alice!, bob!], { sequence: 0 });
    assert.equal(await pool.check(both), 'waits');
    const rich = { sequence: 0, fee: '90000' };
    for (const signers of [[alice!], [bob!], [alice!, carol!], [alice!, bob!, carol!]]) {
      const outcome = await pool.check(await pool.tx(signers, rich));
      assert.match(outcome, /^sdk\/32: account sequence mismatch, expected 1, got 0: incorrect/);
    }
    const dearer = await pool.tx([bob!, alice!], rich);
    assert.equal(await pool.check(dearer), 'waits', 'in any order');
    assert.deepEqual(await pool.propose(), [dearer]);
    assert.equal(await pool.check(await pool.tx([carol!], { sequence: 0 })), 'waits');
    assert.deepEqual(await codes(), [0, 0]);
  });

  it('stays when another one is not signed, or not good in another way', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    const second = await pool.tx([alice!], { sequence: 1 });
    for (const each of [first, second]) await pool.check(each);
    const forged = await pool.tx([alice!], { sequence: 0, fee: '90000' });
    forged[forged.length - 1]! ^= 1;
    assert.match(await pool.check(forged), /^sdk\/4: /);
    const long = await pool.tx([alice!], { sequence: 0, fee: '90000', memo: 'm'.repeat(257) });
    assert.match(await pool.check(long), /^sdk\/12: /);
    const late = await pool.tx([alice!], { sequence: 0, fee: '90000', timeoutHeight: 1n });
    assert.match(await pool.check(late), /^sdk\/30: /);
    assert.equal(await pool.check(await pool.tx([alice!], { sequence: 2 })), 'waits');
    assert.deepEqual((await pool.propose()).slice(0, 2), [first, second]);
    assert.deepEqual(await codes(), [0, 0, 0]);
  });

  it('stays when those behind it could not pay any more', async () => {
    const all = 1_000_000_000_000n;
    const fees = [1000n, all - 10_000n];
    for (const [sequence, fee] of fees.entries()) {
      assert.equal(await pool.check(await pool.tx([alice!], { sequence, fee: `${fee}` })), 'waits');
    }
    const over = await pool.tx([alice!], { sequence: 0, fee: '10001' });
    assert.match(await pool.check(over), /^sdk\/5: /);
    const just = await pool.tx([alice!], { sequence: 0, fee: '10000' });
    assert.equal(await pool.check(just), 'waits', 'what the replaced one paid counts');
    const results = await pool.block();
    assert.deepEqual(
      results.map(({ events }) => events.length > 0),
      [true, true],
      'both have paid',
    );
  });

  it('that is unordered is not replaced, and replaces none', async () => {
    const timeoutNs = pool.chain.timeNs + 60_000_000_000n;
    const first = await pool.tx([alice!], { unordered: true, timeoutNs });
    assert.equal(await pool.check(first), 'waits');
    const same = await pool.tx([alice!], { unordered: true, timeoutNs, fee: '90000' });
    assert.match(await pool.check(same), /^sdk\/18: .* has already used timeout/);
    const ordered = await pool.tx([alice!], { sequence: 0 });
    assert.equal(await pool.check(ordered), 'waits');
    const other = await pool.tx([alice!], {
      unordered: true,
      timeoutNs: timeoutNs + 1n,
      fee: '90000',
    });
    assert.equal(await pool.check(other), 'waits');
    assert.deepEqual(await pool.propose(), [first, ordered, other]);
  });

  it('counts once for its account, however often it is replaced', async () => {
    await start({ maxPendingPerAccount: 20 });
    const fees = ['100', '200', '400'];
    for (let sequence = 0; sequence < 20; sequence++) {
      await pool.check(await pool.tx([alice!], { sequence, fee: '100' }));
    }
    const replace = async (fee: string) =>
      pool.check(await pool.tx([alice!], { sequence: 0, fee }));
    assert.equal(await replace(fees[1]!), 'waits', 'also where no more may wait');
    assert.equal(await replace(fees[2]!), 'waits');
    const full =
      /^sdk\/20: 2 transactions of depin1\w+ were replaced since the last block, at most 2 may be: /;
    assert.match(await replace('800'), full);
    assert.match(await pool.check(await pool.tx([alice!], { sequence: 20 })), /^sdk\/20: 20 trans/);
    await pool.block([]);
    assert.equal(pool.mempool.size, 20);
    assert.equal(await replace('800'), 'waits', 'a block lets the replaced ones go');
  });

  it('is dropped when a block has the replaced one after all', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    const second = await pool.tx([alice!], { sequence: 1 });
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '9000' });
    for (const each of [first, second, dearer]) await pool.check(each);
    assert.deepEqual(await codes([first]), [0]);
    assert.deepEqual(pool.mempool.first(9), [second]);
    assert.deepEqual(await codes(), [0]);
  });

  it('that cannot pay any more after a block is dropped with those behind it', async () => {
    const first = await pool.tx([alice!], { sequence: 0 });
    const second = await pool.tx([alice!], { sequence: 1 });
    const dearer = await pool.tx([alice!], { sequence: 0, fee: '9000' });
    for (const each of [first, second, dearer]) await pool.check(each);
    const spending = await pool.tx([alice!], {
      messages: [send(alice!, bob!, '999999990000')],
      unordered: true,
      timeoutNs: pool.chain.timeNs + 60_000_000_000n,
    });
    assert.deepEqual(await codes([spending]), [0]);
    assert.equal(pool.mempool.size, 0);
    assert.deepEqual(await pool.propose(), []);
    assert.equal(await pool.check(first), 'waits', 'what it replaced can come again');
    assert.deepEqual(await codes(), [5]);
  });
});
