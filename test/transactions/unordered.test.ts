import assert from 'node:assert/strict';
import type { EncodeObject } from '@cosmjs/proto-signing';
import { AUTH_PREFIX } from '../../modules/auth/keys.ts';
import { parseAddress } from '../../wire/address.ts';
import { concatBytes, toBigEndian } from '../../wire/bytes.ts';
import { SimulateRequest, SimulateResponse } from '../../wire/gen/cosmos/tx/v1beta1/service.ts';
import { type TestAccount, TestChain } from '../support/testChain.ts';
import { signTx, type TxParts, unsignedTx } from '../support/txs.ts';

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;

const send = (from: TestAccount, to: TestAccount): EncodeObject => ({
  typeUrl: '/cosmos.bank.v1beta1.MsgSend',
  value: {
    fromAddress: from.address,
    toAddress: to.address,
    amount: [{ denom: 'udepin', amount: '7' }],
  },
});

describe('unordered transactions', () => {
  let chain: TestChain;
  let [alice, bob]: TestAccount[] = [];
  const parts = (timeoutNs: bigint, changes: Partial<TxParts> = {}): TxParts => ({
    messages: [send(alice!, bob!)],
    signers: [alice!],
    unordered: true,
    timeoutNs,
    ...changes,
  });
  const outcome = async (given: TxParts): Promise<string> => {
    const tx = await signTx(given);
    const checked = await chain.app.checkTx({ tx, type: 'new' });
    const [result] = await chain.block([tx]);
    assert.equal(checked.code, result!.code, `${checked.log} | ${result!.log}`);
    return `${result!.codespace}/${result!.code}: ${result!.log}`;
  };
  const nonceOf = (account: TestAccount, timeoutNs: bigint) =>
    chain.app.store
      .at(chain.height)
      .store('acc')
      .get(
        concatBytes(
          Uint8Array.of(AUTH_PREFIX.unorderedNonces),
          toBigEndian(timeoutNs + (1n << 63n), 8),
          parseAddress('depin', account.address),
        ),
      );

  beforeEach(async () => {
    chain = await TestChain.start();
    [alice, bob] = chain.accounts as TestAccount[];
    for (const account of chain.accounts) account.sequence = 0;
  });

  it('run in any order, and leave the sequence alone', async () => {
    const at = chain.timeNs + MINUTE;
    const txs = await Promise.all([2n, 0n, 1n].map((i) => signTx(parts(at + i))));
    const ordered = await signTx({ messages: [send(alice!, bob!)], signers: [alice!] });
    const results = await chain.block([txs[0]!, ordered, txs[2]!, txs[1]!]);
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0, 0, 0],
    );
    const keys = results[0]!.events.flatMap(({ attributes }) => attributes.map(({ key }) => key));
    assert.ok(keys.includes('signature') && !keys.includes('acc_seq'));
  });

  it('keep a used timeout under the key of SDK 0.53, and forget it when it is over', async () => {
    const at = chain.timeNs + 3n * SECOND;
    assert.equal(await outcome(parts(at)), '/0: ');
    assert.deepEqual(nonceOf(alice!, at), new Uint8Array(0));
    await chain.block([], 2);
    assert.equal(chain.timeNs, at);
    assert.deepEqual(nonceOf(alice!, at), new Uint8Array(0), 'still good, so still remembered');
    await chain.block([], 1);
    assert.equal(nonceOf(alice!, at), undefined);
  });

  it('come once, up to their very timeout and after it', async () => {
    const at = chain.timeNs + 2n * SECOND;
    const tx = await signTx(parts(at));
    assert.equal((await chain.block([tx]))[0]!.code, 0);
    const [again] = await chain.block([tx]);
    assert.equal(chain.timeNs, at);
    assert.match(again!.log, /failed to add unordered nonce: sender depin1.* has already used/);
    assert.equal(`${again!.codespace}/${again!.code}`, 'sdk/18');
    const [later] = await chain.block([tx]);
    assert.equal(`${later!.codespace}/${later!.code}`, 'sdk/42');
  });

  it('are good from now to ten minutes ahead, just so', async () => {
    const next = chain.timeNs + SECOND;
    // A node checks at the time of its last block, a block at its own.
    const inBlock = async (given: TxParts): Promise<string> => {
      const [result] = await chain.block([await signTx(given)]);
      return `${result!.codespace}/${result!.code}: ${result!.log}`;
    };
    assert.equal(await inBlock(parts(next)), '/0: ');
    assert.match(await inBlock(parts(next)), /^sdk\/42: block time: .*Z, timeout timestamp: .*Z/);
    const limit = chain.timeNs + SECOND + 10n * MINUTE;
    assert.equal(await inBlock(parts(limit)), '/0: ');
    const over = chain.timeNs + SECOND + 10n * MINUTE + 1n;
    assert.match(await inBlock(parts(over)), /^sdk\/18: unordered tx ttl exceeds 10m0s/);
  });

  it('need a timeout and no sequence', async () => {
    const at = chain.timeNs + MINUTE;
    const { timeoutNs: _, ...without } = parts(at);
    assert.match(await outcome(without), /^sdk\/18: .*must have timeout_timestamp set/);
    assert.match(await outcome(parts(1n)), /^sdk\/18: .*must have timeout_timestamp set/);
    assert.match(await outcome(parts(at, { sequence: 1 })), /^sdk\/18: sequence is not allowed/);
    assert.equal(await outcome(parts(at)), '/0: ', 'a refused one uses no timeout up');
  });

  it('of several signers use the timeout of each', async () => {
    const at = chain.timeNs + MINUTE;
    const both = parts(at, { signers: [alice!, bob!], payer: bob!.address });
    assert.equal(await outcome(both), '/0: ');
    assert.match(await outcome(parts(at)), /^sdk\/18: .*already used/);
    assert.equal(await outcome(parts(at + 1n)), '/0: ');
  });

  it('cost 2240 gas more and what the nonce costs in the store', async () => {
    const at = chain.timeNs + MINUTE;
    const run = async (given: TxParts) => {
      const tx = await signTx(given);
      const [result] = await chain.block([tx]);
      assert.equal(result!.log, '');
      return result!.gasUsed - 10n * BigInt(tx.length);
    };
    const message = { messages: [send(alice!, bob!)], signers: [alice!] };
    // The collector's balance has as many digits from here on.
    for (let i = 0; i < 2; i++) await run(message);
    const ordered = await run({ ...message, timeoutNs: at });
    const unordered = await run(parts(at));
    const address = parseAddress('depin', alice!.address);
    const accountKey = concatBytes(Uint8Array.of(AUTH_PREFIX.accounts), address);
    const account = chain.app.store.at(chain.height).store('acc').get(accountKey)!;
    const notWritten = 2000n + 30n * BigInt(accountKey.length + account.length);
    const nonce = 1000n + 2000n + 30n * 29n;
    assert.equal(unordered - ordered, 2240n + nonce - notWritten);
  });

  it('are simulated without using the timeout up', async () => {
    const at = chain.timeNs + MINUTE;
    const txBytes = unsignedTx(parts(at, { gas: 0n, fee: '' }));
    const request = SimulateRequest.encode({ txBytes }).finish();
    const simulate = () => chain.query('/cosmos.tx.v1beta1.Service/Simulate', request);
    await simulate();
    const answer = await simulate();
    assert.equal(answer.log, '');
    const used = SimulateResponse.decode(answer.value).gasInfo!.gasUsed;
    assert.equal(await outcome(parts(at, { gas: (used * 12n) / 10n })), '/0: ');
  });

  it('are simulated with the gas of the nonces of all signers', async () => {
    const signers = chain.accounts.slice(0, 3);
    const messages = signers.map((signer) => send(signer, alice!));
    const [first, second] = [chain.timeNs + MINUTE, chain.timeNs + MINUTE + 1n];
    const real = await signTx(parts(first, { messages, signers }));
    assert.equal((await chain.block([real]))[0]!.log, '');
    const txBytes = unsignedTx(parts(second, { messages, signers }));
    const request = SimulateRequest.encode({ txBytes }).finish();
    const { value, log } = await chain.query('/cosmos.tx.v1beta1.Service/Simulate', request);
    assert.equal(log, '');
    const estimate = SimulateResponse.decode(value).gasInfo!.gasUsed;
    const [again] = await chain.block([await signTx(parts(second, { messages, signers }))]);
    assert.ok(estimate >= again!.gasUsed, `${estimate} for ${again!.gasUsed}`);
  });

  it('wait in CheckTx until they are in a block, also after a recheck', async () => {
    const at = chain.timeNs + MINUTE;
    const tx = await signTx(parts(at));
    assert.equal((await chain.app.checkTx({ tx, type: 'new' })).code, 0);
    const other = await signTx(parts(at, { memo: 'same timeout' }));
    assert.match((await chain.app.checkTx({ tx: other, type: 'new' })).log, /already used/);
    await chain.block([]);
    assert.equal((await chain.app.checkTx({ tx, type: 'recheck' })).code, 0);
    assert.match((await chain.app.checkTx({ tx: other, type: 'new' })).log, /already used/);
    await chain.block([tx]);
    assert.equal((await chain.app.checkTx({ tx: other, type: 'recheck' })).code, 18);
  });
});

describe('the timeout of an ordered transaction', () => {
  it('is the last block time at which it is good', async () => {
    const chain = await TestChain.start();
    const [alice, bob] = chain.accounts as [TestAccount, TestAccount];
    alice.sequence = 0;
    const timeoutNs = chain.timeNs + SECOND;
    const parts = { messages: [send(alice, bob)], signers: [alice], timeoutNs };
    const [inTime] = await chain.block([await signTx(parts)]);
    assert.equal(inTime!.log, '');
    const [late] = await chain.block([await signTx({ ...parts, sequence: 1 })]);
    assert.equal(`${late!.codespace}/${late!.code}`, 'sdk/42');
  });
});
