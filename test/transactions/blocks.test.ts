import assert from 'node:assert/strict';
import type { EncodeObject } from '@cosmjs/proto-signing';
import fc from 'fast-check';
import type { TxResult } from '../../chain/abci/types.ts';
import { BlockGas } from '../../chain/app/blockGas.ts';
import { prepareRequest, processRequest } from '../../chain/testing/blockRequest.ts';
import { concatBytes, toUtf8 } from '../../wire/bytes.ts';
import { TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
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

/** A transaction with one byte in a signature too many is no transaction. */
const cut = (tx: Uint8Array): Uint8Array => tx.subarray(0, tx.length - 1);
const framed = (txs: readonly Uint8Array[]): bigint =>
  txs.reduce((sum, { length }) => sum + BigInt(length + (length < 128 ? 2 : 3)), 0n);

describe('blocks of transactions', () => {
  let chain: TestChain;
  let [alice, bob]: TestAccount[] = [];
  const parts = (from: TestAccount, changes: Partial<TxParts> = {}): TxParts => ({
    messages: [send(from, bob!)],
    signers: [from],
    gas: 100_000n,
    ...changes,
  });
  const start = async (maxGas?: bigint): Promise<void> => {
    chain = await TestChain.start(maxGas === undefined ? {} : { maxGas });
    [alice, bob] = chain.accounts as TestAccount[];
    for (const account of chain.accounts) account.sequence = 0;
  };
  const next = () => ({ height: chain.height + 1n, time: chain.timeNs });
  const prepare = async (txs: readonly Uint8Array[], maxTxBytes = 1_000_000n) => {
    const request = prepareRequest({ ...next(), txs, maxTxBytes });
    return (await chain.app.prepareProposal(request)).txs;
  };
  const accepts = async (txs: readonly Uint8Array[]): Promise<boolean> =>
    (await chain.app.processProposal(processRequest({ ...next(), txs }))).accept;
  const codes = (results: readonly TxResult[]) =>
    results.map(({ codespace, code }) => (code === 0 ? 'ok' : `${codespace}/${code}`));

  describe('proposals', () => {
    it('hold what fits by bytes, to the byte', async () => {
      await start();
      const txs = await Promise.all(chain.accounts.map((from) => signTx(parts(from))));
      const room = framed(txs);
      assert.deepEqual(await prepare(txs, room), txs);
      assert.equal((await prepare(txs, room - 1n)).length, txs.length - 1);
      assert.deepEqual(await prepare(txs, 0n), []);
    });

    it('hold what fits by gas, to the unit, and validators refuse more', async () => {
      await start(250_000n);
      const from = chain.accounts[2]!;
      const txs = [
        await signTx(parts(alice!)),
        await signTx(parts(bob!)),
        await signTx(parts(from, { gas: 50_000n })),
      ];
      assert.deepEqual(await prepare(txs), txs);
      assert.equal(await accepts(txs), true);
      const more = await signTx(parts(from, { gas: 50_001n, sequence: 0 }));
      assert.deepEqual(await prepare([txs[0]!, txs[1]!, more]), txs.slice(0, 2));
      assert.equal(await accepts([txs[0]!, txs[1]!, more]), false);
    });

    it('pass over what an account sent behind what did not fit', async () => {
      await start(250_000n);
      const large = await signTx(parts(alice!, { gas: 200_000n }));
      const late = await signTx(parts(alice!, { gas: 10_000n }));
      const first = await signTx(parts(bob!));
      assert.deepEqual(await prepare([first, large, late]), [first]);
      const timeoutNs = chain.timeNs + 60_000_000_000n;
      const free = await signTx(parts(alice!, { unordered: true, timeoutNs }));
      assert.deepEqual(await prepare([first, large, late, free]), [first, free]);
    });

    it('drop what does not decode, and validators refuse it', async () => {
      await start();
      const good = await signTx(parts(alice!));
      const endless = await signTx(parts(bob!, { gas: 1n << 63n }));
      const hostile = [
        new Uint8Array(0),
        toUtf8('not a transaction'),
        cut(good),
        concatBytes(good, good),
        new Uint8Array(100_000).fill(0x0a),
        TxRaw.encode({ ...TxRaw.decode(good), authInfoBytes: new Uint8Array(0) }).finish(),
        endless,
      ];
      assert.deepEqual(await prepare([...hostile, good]), [good]);
      for (const [i, tx] of hostile.entries()) {
        assert.equal(await accepts([good, tx]), false, `${i}`);
        assert.equal(await accepts([tx, good]), false, `${i}`);
      }
      assert.equal(await accepts([good]), true);
      assert.equal(await accepts([]), true);
    });

    it('are refused when they are larger than a block may be', async () => {
      await start();
      const { maxBytes } = chain.initRequest!.consensusParams.block;
      const memo = 'm'.repeat(250);
      const some = await Promise.all(
        [0, 1, 2].map((i) =>
          signTx(
            parts(alice!, { messages: Array(3000).fill(send(alice!, bob!)), memo, sequence: i }),
          ),
        ),
      );
      const count = Number(maxBytes / framed([some[0]!]));
      const most = Array<Uint8Array>(count).fill(some[0]!);
      assert.ok(framed(most) <= maxBytes && framed([...most, some[0]!]) > maxBytes);
      assert.equal(await accepts([...most, some[0]!]), false);
    }).timeout(20_000);

    it('of any bytes throw nothing', async () => {
      await start();
      const good = await signTx(parts(alice!));
      const mutated = fc
        .tuple(fc.nat(good.length - 1), fc.nat(255))
        .map(([at, byte]) => good.with(at, byte));
      const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated);
      await fc.assert(
        fc.asyncProperty(fc.array(bytes, { maxLength: 5 }), async (txs) => {
          const chosen = await prepare(txs);
          assert.equal(await accepts(chosen), true, 'what one proposes others accept');
          assert.equal(await accepts(txs), chosen.length === txs.length);
        }),
        { numRuns: 300 },
      );
    });
  });

  describe('gas', () => {
    it('asked for beyond what a block has is refused at once', async () => {
      await start(250_000n);
      const tx = await signTx(parts(alice!, { gas: 250_001n }));
      const checked = await chain.app.checkTx({ tx, type: 'new' });
      assert.equal(`${checked.codespace}/${checked.code}`, 'sdk/41');
      assert.match(checked.log, /^tx gas limit 250001 exceeds block max gas 250000: invalid gas/);
      assert.deepEqual(codes(await chain.block([tx])), ['sdk/41']);
      const most = await signTx(parts(alice!, { gas: 250_000n, sequence: 0 }));
      assert.deepEqual(codes(await chain.block([most])), ['ok']);
    });

    it('of what fails counts in the block, but no more than was asked for', async () => {
      await start();
      const used = (await chain.block([await signTx(parts(alice!))]))[0]!.gasUsed;
      await start(used * 2n + 1000n);
      const gas = used + 500n;
      const costly = await signTx(parts(alice!, { gas: used - 1n }));
      const other = await signTx(parts(bob!, { gas }));
      const third = await signTx(parts(chain.accounts[2]!, { gas }));
      const results = await chain.block([costly, other, third, third]);
      assert.equal(results[0]!.code, 11);
      assert.ok(results[0]!.gasUsed > results[0]!.gasWanted, 'the last operation went over');
      assert.deepEqual(codes(results), ['sdk/11', 'ok', 'sdk/11', 'sdk/11']);
      assert.match(results[2]!.log, /location: block gas meter; gasWanted: \d+, gasUsed: \d+/);
      assert.match(results[3]!.log, /^no block gas left to run tx: out of gas$/);
      assert.deepEqual([results[3]!.gasWanted, results[3]!.gasUsed], [0n, 0n]);
    });

    it('that was not used is not given back: the fee is for what was asked', async () => {
      await start();
      const [result] = await chain.block([await signTx(parts(alice!, { gas: 4_000_000n }))]);
      assert.equal(result!.gasWanted, 4_000_000n);
      const fees = result!.events.filter(({ type }) => type === 'tx')[0]!.attributes[0]!;
      assert.deepEqual([fees.key, fees.value], ['fee', '5000udepin']);
    });

    it('of a block is counted as baseapp does', () => {
      const endless = new BlockGas(-1n);
      assert.equal(endless.take(10n ** 30n), true);
      assert.equal(endless.isSpent, false);
      const gas = new BlockGas(100n);
      assert.equal(gas.take(99n), true);
      assert.equal(gas.isSpent, false);
      assert.equal(gas.take(1n), true);
      assert.equal(gas.isSpent, true);
      assert.equal(gas.take(1n), false);
    });
  });

  describe('fees', () => {
    it('refuse every form but sorted positive coins, and a gas limit beyond int64', async () => {
      await start();
      const cases: [Partial<TxParts>, string][] = [
        [
          {
            coins: [
              { denom: 'udepin', amount: '1' },
              { denom: 'uz9', amount: '0' },
            ],
          },
          'sdk/13',
        ],
        [{ coins: [{ denom: 'udepin', amount: '-1' }] }, 'sdk/13'],
        [{ coins: [{ denom: 'u', amount: '1' }] }, 'sdk/13'],
        [{ coins: [{ denom: 'uother', amount: '1' }] }, 'sdk/5'],
        [
          {
            coins: [
              { denom: 'udepin', amount: '1' },
              { denom: 'udepin', amount: '1' },
            ],
          },
          'sdk/13',
        ],
        [
          {
            coins: [
              { denom: 'uz9', amount: '1' },
              { denom: 'udepin', amount: '1' },
            ],
          },
          'sdk/13',
        ],
        [{ fee: '1000000000001' }, 'sdk/5'],
        [{ gas: 0n }, 'sdk/11'],
        [{ gas: 1n << 63n }, 'sdk/18'],
        [{ gas: (1n << 64n) - 1n }, 'sdk/18'],
      ];
      for (const [change, expected] of cases) {
        const tx = await signTx(parts(alice!, { ...change, sequence: 0 }));
        const checked = await chain.app.checkTx({ tx, type: 'new' });
        assert.equal(`${checked.codespace}/${checked.code}`, expected, checked.log);
        assert.deepEqual(codes(await chain.block([tx])), [expected]);
      }
      const free = await signTx(parts(alice!, { fee: '', sequence: 0 }));
      assert.deepEqual(codes(await chain.block([free])), ['ok']);
    });
  });
});
