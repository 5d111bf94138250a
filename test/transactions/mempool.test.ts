import assert from 'node:assert/strict';
import type { EncodeObject } from '@cosmjs/proto-signing';
import { Mempool } from '../../localnet/node/mempool.ts';
import type { DepindOptions } from '../../modules/app.ts';
import { nobleVerifier, type SignatureVerifier } from '../../wire/signature.ts';
import { type TestAccount, TestChain } from '../support/testChain.ts';
import { signTx, type TxParts } from '../support/txs.ts';

const send = (from: TestAccount, to: TestAccount, amount = '7'): EncodeObject => ({
  typeUrl: '/cosmos.bank.v1beta1.MsgSend',
  value: {
    fromAddress: from.address,
    toAddress: to.address,
    amount: [{ denom: 'udepin', amount }],
  },
});

/** The embedded pool with the application behind it: what waits, in which order, and what becomes of it. */
describe('waiting transactions', () => {
  let chain: TestChain;
  let mempool: Mempool;
  let [alice, bob]: TestAccount[] = [];

  const start = async (options: Partial<DepindOptions> = {}, limits = {}): Promise<void> => {
    chain = await TestChain.start(options);
    [alice, bob] = chain.accounts as TestAccount[];
    for (const account of chain.accounts) account.sequence = 0;
    mempool = new Mempool({
      application: chain.app,
      limits,
      blockLimits: () => ({ maxBytes: 1_000_000n, maxGas: -1n }),
    });
  };
  const tx = (from: TestAccount, changes: Partial<TxParts> = {}): Promise<Uint8Array> =>
    signTx({ messages: [send(from, bob!)], signers: [from], gas: 100_000n, ...changes });
  const check = async (bytes: Uint8Array): Promise<string> => {
    const { codespace, code, log } = await mempool.check(bytes);
    return code === 0 ? 'waits' : `${codespace}/${code}: ${log}`;
  };
  /** A block of what the pool gives, or of these; gives the codes. */
  const block = async (txs?: readonly Uint8Array[]): Promise<readonly number[]> => {
    const given = txs ?? mempool.reap({ maxBytes: 1_000_000n, maxGas: -1n });
    const results = await chain.block(given);
    await mempool.update(given, results, async () => undefined);
    return results.map(({ code }) => code);
  };

  it('of one account go into one block in their order', async () => {
    await start();
    const txs = await Promise.all([0, 1, 2, 3].map((sequence) => tx(alice!, { sequence })));
    for (const each of txs) assert.equal(await check(each), 'waits');
    assert.deepEqual(mempool.first(9), txs);
    assert.deepEqual(await block(), [0, 0, 0, 0]);
    assert.equal(mempool.size, 0);
  });

  it('leave no gap: a later sequence is refused and may come again', async () => {
    await start();
    const later = await tx(alice!, { sequence: 1 });
    assert.match(await check(later), /^sdk\/32: account sequence mismatch, expected 0, got 1/);
    assert.equal(await check(await tx(alice!, { sequence: 0 })), 'waits');
    assert.equal(await check(later), 'waits');
    assert.deepEqual(await block(), [0, 0]);
  });

  it('of one account are bounded, also behind a block that took none', async () => {
    await start({ maxPendingPerAccount: 3 });
    for (const sequence of [0, 1, 2]) await check(await tx(alice!, { sequence }));
    const fourth = await tx(alice!, { sequence: 3 });
    const full =
      /^sdk\/20: 3 transactions of depin1.* wait for a block, at most 3 may: mempool is f/;
    assert.match(await check(fourth), full);
    assert.equal(await check(await tx(chain.accounts[2]!)), 'waits', 'others may');
    await block([]);
    assert.match(await check(fourth), full);
    const timeoutNs = chain.timeNs + 60_000_000_000n;
    assert.match(await check(await tx(alice!, { unordered: true, timeoutNs })), full);
    await block(mempool.first(2));
    assert.equal(await check(fourth), 'waits');
  });

  it('are checked again after a block, in order, and those that fail then are dropped', async () => {
    await start();
    const rest = 999_999_990_000n;
    const txs = [
      await tx(alice!, { sequence: 0, messages: [send(alice!, bob!, `${rest}`)], fee: '1000' }),
      await tx(alice!, { sequence: 1, fee: '4000' }),
      await tx(alice!, { sequence: 2, fee: '4000' }),
      await tx(alice!, { sequence: 3, fee: '2000' }),
    ];
    for (const each of txs) assert.equal(await check(each), 'waits');
    assert.deepEqual(await block(txs.slice(0, 1)), [0]);
    // 9,000 are left: two pay, and behind the one that cannot no sequence fits.
    assert.deepEqual(mempool.first(9), txs.slice(1, 3));
    assert.match(await check(txs[3]!), /^sdk\/5: /, 'it may be asked for again');
    assert.deepEqual(await block(), [0, 0]);
  });

  it('that time out are dropped', async () => {
    await start();
    const height = await tx(alice!, { timeoutHeight: chain.height + 1n });
    const time = await tx(bob!, { timeoutNs: chain.timeNs + 1n });
    assert.equal(await check(height), 'waits');
    assert.equal(await check(time), 'waits');
    await block([]);
    assert.equal(mempool.size, 0);
  });

  it('are bounded by count and bytes for all', async () => {
    await start();
    const bytes = (await tx(alice!, { sequence: 0 })).length;
    await start({}, { maxTxs: 2 });
    await check(await tx(alice!));
    await check(await tx(bob!));
    await assert.rejects(check(await tx(alice!)), /mempool is full: number of txs 2 \(max: 2\)/);
    await start({}, { maxTotalBytes: bytes + 1 });
    await check(await tx(alice!, { sequence: 0 }));
    await assert.rejects(check(await tx(bob!, { sequence: 0 })), /mempool is full/);
    await start({}, { maxTxBytes: bytes });
    assert.equal(await check(await tx(alice!, { sequence: 0 })), 'waits');
    const larger = await tx(bob!, { sequence: 0, memo: 'm'.repeat(9) });
    await assert.rejects(check(larger), /tx too large\. Max size is \d+, but got \d+/);
  });

  it('are verified when they come and in their block, and not when they are checked again', async () => {
    let asked = 0;
    const counting: SignatureVerifier = {
      ...nobleVerifier,
      secp256k1(signature, message, publicKey) {
        asked++;
        return nobleVerifier.secp256k1(signature, message, publicKey);
      },
    };
    await start({ verifier: counting });
    assert.equal(await check(await tx(alice!)), 'waits');
    await block([]);
    assert.equal(asked, 1);
    assert.deepEqual(await block(), [0]);
    assert.equal(asked, 2);
  });
});
