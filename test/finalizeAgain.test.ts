import assert from 'node:assert/strict';
import type { FinalizeBlockRequest } from '../chain/abci/types.ts';
import { openDepind } from '../modules/app.ts';
import { balanceKey } from '../modules/bank/keys.ts';
import { parseAddress } from '../wire/address.ts';
import { fromUtf8, toHex } from '../wire/bytes.ts';
import { type TestAccount, TestChain } from './support/testChain.ts';

const MSG_SEND = '/cosmos.bank.v1beta1.MsgSend';

describe('a block that was executed and not committed', () => {
  /** A chain of a few blocks, and what comes next: a block that sends, and an empty one. */
  async function start(): Promise<{ chain: TestChain; blocks: FinalizeBlockRequest[] }> {
    const chain = await TestChain.start();
    const [alice, bob] = chain.accounts as [TestAccount, TestAccount];
    alice.sequence = 0;
    const amount = [{ denom: 'udepin', amount: '7' }];
    const value = { fromAddress: alice.address, toAddress: bob.address, amount };
    const tx = await alice.sign([{ typeUrl: MSG_SEND, value }]);
    const { height, time } = chain.requests.at(-1)!;
    const next = { ...chain.requests.at(-1)!, height: height + 1n, time: time + 1_000_000_000n };
    return { chain, blocks: [{ ...next, txs: [tx] }, next] };
  }

  it('comes to the same AppHash when it is executed again', async () => {
    const { chain, blocks } = await start();
    const first = await chain.app.finalizeBlock(blocks[0]!);
    assert.deepEqual(await chain.app.finalizeBlock(blocks[0]!), first);
    await chain.app.commit();
    assert.equal(toHex(chain.app.store.appHash), toHex(first.appHash));
  });

  it('leaves nothing in another one', async () => {
    const { chain, blocks } = await start();
    await chain.app.finalizeBlock(blocks[0]!);
    const { appHash } = await chain.app.finalizeBlock(blocks[1]!);
    const twin = await start();
    assert.equal(toHex(appHash), toHex((await twin.chain.app.finalizeBlock(blocks[1]!)).appHash));
  });

  it('leaves nothing when it has a height that cannot come next', async () => {
    const { chain, blocks } = await start();
    const height = blocks[0]!.height + 5n;
    await assert.rejects(chain.app.finalizeBlock({ ...blocks[0]!, height }), /version: expected/);
    const { appHash } = await chain.app.finalizeBlock(blocks[1]!);
    const twin = await start();
    assert.equal(toHex(appHash), toHex((await twin.chain.app.finalizeBlock(blocks[1]!)).appHash));
  });

  it('needs InitChain before it when it is the first', async () => {
    const { chain } = await start();
    const [first] = chain.requests as [FinalizeBlockRequest];
    const { initRequest } = chain;
    const app = await openDepind({ store: { memory: true } });
    await app.initChain(initRequest!);
    const { appHash } = await app.finalizeBlock(first);
    await assert.rejects(app.finalizeBlock(first), /without InitChain before it/);
    await app.initChain(initRequest!);
    assert.equal(toHex((await app.finalizeBlock(first)).appHash), toHex(appHash));
    await app.close();
  });
});

describe('what a block remembers of the one before it', () => {
  const pay = async (chain: TestChain, sequence: number): Promise<Uint8Array> => {
    const [alice, bob] = chain.accounts as [TestAccount, TestAccount];
    const amount = [{ denom: 'udepin', amount: '7' }];
    const value = { fromAddress: alice.address, toAddress: bob.address, amount };
    return alice.sign([{ typeUrl: MSG_SEND, value }], { sequence });
  };

  it('is forgotten when the state goes back to an older height', async () => {
    const chain = await TestChain.start();
    await chain.block([await pay(chain, 0)]);
    const { height } = chain.requests.at(-1)!;
    const txs = [await pay(chain, 1)];
    const [first] = await chain.block(txs);
    const appHash = toHex(chain.app.store.appHash);
    await chain.app.rollbackTo(height);
    const again = await chain.app.finalizeBlock(chain.requests.at(-1)!);
    assert.deepEqual(again.txResults, [first]);
    assert.equal(toHex(again.appHash), appHash);
  });

  it('is forgotten when somebody else writes into the stores', async () => {
    const chain = await TestChain.start();
    await chain.block([await pay(chain, 0)]);
    const bank = chain.app.store.store('bank');
    const keyOf = ({ address }: TestAccount): Uint8Array =>
      balanceKey(parseAddress('depin', address), 'udepin');
    const [alice, bob] = chain.accounts.map(keyOf) as [Uint8Array, Uint8Array];
    const [ofAlice, ofBob] = [bank.get(alice)!, bank.get(bob)!];
    bank.set(alice, ofBob);
    bank.set(bob, ofAlice);
    const [paid] = await chain.block([await pay(chain, 1)]);
    assert.equal(paid!.code, 0, paid!.log);
    assert.equal(BigInt(fromUtf8(bank.get(bob)!)), BigInt(fromUtf8(ofAlice)) + 7n);
  });
});
