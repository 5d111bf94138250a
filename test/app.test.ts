import assert from 'node:assert/strict';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import type { TxResult } from '../chain/abci/types.ts';
import { processRequest } from '../chain/testing/blockRequest.ts';
import { balanceKey } from '../modules/bank/keys.ts';
import { formatAddress, moduleAddress, parseAddress } from '../wire/address.ts';
import { concatBytes, toUtf8 } from '../wire/bytes.ts';
import { BaseAccount } from '../wire/gen/cosmos/auth/v1beta1/auth.ts';
import {
  QueryAccountRequest,
  QueryAccountResponse,
} from '../wire/gen/cosmos/auth/v1beta1/query.ts';
import {
  QueryBalanceRequest,
  QueryBalanceResponse,
} from '../wire/gen/cosmos/bank/v1beta1/query.ts';
import { SimulateRequest, SimulateResponse } from '../wire/gen/cosmos/tx/v1beta1/service.ts';
import { iavlSpec, tendermintSpec, verifyMembership } from '../wire/ics23/index.ts';
import { type SignOptions, type TestAccount, TestChain } from './support/testChain.ts';

const START = 1_000_000_000_000n;

const send = (from: TestAccount, to: string, amount: string, denom = 'udepin') => ({
  typeUrl: '/cosmos.bank.v1beta1.MsgSend',
  value: { fromAddress: from.address, toAddress: to, amount: [{ denom, amount }] },
});

async function balance(chain: TestChain, address: string): Promise<bigint> {
  const data = QueryBalanceRequest.encode({ address, denom: 'udepin' }).finish();
  const answer = await chain.query('/cosmos.bank.v1beta1.Query/Balance', data);
  return BigInt(QueryBalanceResponse.decode(answer.value).balance?.amount ?? '-1');
}

async function sequence(chain: TestChain, address: string): Promise<bigint> {
  const data = QueryAccountRequest.encode({ address }).finish();
  const answer = await chain.query('/cosmos.auth.v1beta1.Query/Account', data);
  return BaseAccount.decode(QueryAccountResponse.decode(answer.value).account!.value).sequence;
}

/** `codespace/code`, in CheckTx and in a block: what a node refuses at its door a block refuses as well. */
async function outcome(chain: TestChain, tx: Uint8Array): Promise<string> {
  const checked = await chain.app.checkTx({ tx, type: 'new' });
  const [result] = await chain.block([tx]);
  assert.equal(
    `${checked.codespace}/${checked.code}`,
    `${result!.codespace}/${result!.code}`,
    checked.log,
  );
  return `${result!.codespace}/${result!.code}: ${result!.log}`;
}

describe('transactions', () => {
  let chain: TestChain;
  let alice: TestAccount;
  let bob: TestAccount;

  beforeEach(async () => {
    chain = await TestChain.start();
    [alice, bob] = chain.accounts as [TestAccount, TestAccount];
  });

  it('moves coins, takes the fee and counts the sequence', async () => {
    const result = await chain.send(alice, [send(alice, bob.address, '7')]);
    assert.equal(result.log, '');
    assert.equal(await balance(chain, bob.address), START + 7n);
    assert.equal(await balance(chain, alice.address), START - 5007n);
    assert.equal(await sequence(chain, alice.address), 1n);
    assert.deepEqual(
      result.events
        .filter(({ type }) => type === 'transfer')
        .map(({ attributes }) => attributes.at(2)?.value),
      ['5000udepin', '7udepin'],
    );
    assert.equal(
      result.events.find(({ type }) => type === 'message')?.attributes[0]?.key,
      'sender',
    );
  });

  it('keeps fee and sequence of a failed transaction and nothing else', async () => {
    const result = await chain.send(alice, [
      send(alice, bob.address, '5'),
      send(alice, bob.address, (2n * START).toString()),
    ]);
    assert.equal(`${result.codespace}/${result.code}`, 'sdk/5');
    assert.match(result.log, /^failed to execute message; message index: 1: spendable balance/);
    assert.equal(result.data.length, 0);
    assert.equal(await balance(chain, bob.address), START);
    assert.equal(await balance(chain, alice.address), START - 5000n);
    assert.equal(await sequence(chain, alice.address), 1n);
  });

  it('runs out of gas in a message: the fee is gone, the coins are not', async () => {
    const used = (await chain.send(alice, [send(alice, bob.address, '1')])).gasUsed;
    const result = await chain.send(alice, [send(alice, bob.address, '1')], {
      gas: Number(used) - 8_000,
    });
    assert.equal(`${result.codespace}/${result.code}`, 'sdk/11');
    assert.match(
      result.log,
      /out of gas in location: \w+; gasWanted: \d+, gasUsed: \d+: out of gas/,
    );
    assert.equal(await balance(chain, bob.address), START + 1n);
    assert.equal(await sequence(chain, alice.address), 2n);
  });

  it('simulates without signatures, and the estimate suffices', async () => {
    const signed = TxRaw.decode(
      await alice.sign([send(alice, bob.address, '1')], { sequence: 0, fee: '' }),
    );
    const txBytes = TxRaw.encode({ ...signed, signatures: [new Uint8Array(0)] }).finish();
    const answer = await chain.query(
      '/cosmos.tx.v1beta1.Service/Simulate',
      SimulateRequest.encode({ tx: undefined, txBytes }).finish(),
    );
    assert.equal(answer.log, '');
    const estimate = SimulateResponse.decode(answer.value).gasInfo!.gasUsed;
    const { gasUsed } = await chain.send(alice, [send(alice, bob.address, '1')]);
    assert.ok(estimate * 12n >= gasUsed * 10n, `${estimate} for ${gasUsed}`);
    assert.ok(estimate * 10n <= gasUsed * 13n, `${estimate} for ${gasUsed}`);
    assert.equal(await balance(chain, bob.address), START + 1n);
  });

  it('answers a malformed request to simulate, and does not break over it', async () => {
    for (const data of ['07', '0b', 'ff', '0aff', '12'].map((hex) => Buffer.from(hex, 'hex'))) {
      const { code, codespace } = await chain.query('/cosmos.tx.v1beta1.Service/Simulate', data);
      assert.equal(`${codespace}/${code}`, 'sdk/18', data.toString('hex'));
    }
  });

  const refused: [string, SignOptions, string][] = [
    ['another chain id', { chainId: 'depin-other-1' }, 'sdk/4'],
    ['another account number', { accountNumber: 9 }, 'sdk/4'],
    ['a sequence ahead', { sequence: 1 }, 'sdk/32'],
    ['a memo of 257 bytes', { memo: 'm'.repeat(257) }, 'sdk/12'],
    ['a fee that the payer has not', { fee: (2n * START).toString() }, 'sdk/5'],
    ['no gas', { gas: 0 }, 'sdk/11'],
  ];
  for (const [name, options, expected] of refused) {
    it(`refuses ${name} before anything is paid`, async () => {
      const tx = await alice.sign([send(alice, bob.address, '1')], { sequence: 0, ...options });
      assert.match(await outcome(chain, tx), new RegExp(`^${expected}: `));
      assert.equal(await balance(chain, alice.address), START);
      assert.equal(await sequence(chain, alice.address), 0n);
    });
  }

  it('refuses a transaction a second time', async () => {
    const tx = await alice.sign([send(alice, bob.address, '1')]);
    await chain.block([tx]);
    assert.match(
      await outcome(chain, tx),
      /^sdk\/32: account sequence mismatch, expected 1, got 0/,
    );
  });

  it('refuses a signature with high S, of another key, cut or missing', async () => {
    const raw = TxRaw.decode(await alice.sign([send(alice, bob.address, '1')], { sequence: 0 }));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = order - BigInt(`0x${Buffer.from(raw.signatures[0]!.subarray(32)).toString('hex')}`);
    const twin = concatBytes(
      raw.signatures[0]!.subarray(0, 32),
      Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
    );
    const byBob = TxRaw.decode(await bob.sign([send(alice, bob.address, '1')], { sequence: 0 }));
    const cases: [Uint8Array[], RegExp][] = [
      [[twin], /^sdk\/4: signature verification failed/],
      [[raw.signatures[0]!.subarray(0, 63)], /^sdk\/4: /],
      [[], /^sdk\/15: /],
      [[raw.signatures[0]!, raw.signatures[0]!], /^sdk\/4: wrong number of signers/],
    ];
    for (const [signatures, expected] of cases) {
      assert.match(await outcome(chain, TxRaw.encode({ ...raw, signatures }).finish()), expected);
    }
    assert.match(
      await outcome(chain, TxRaw.encode(byBob).finish()),
      /^sdk\/8: pubKey does not match/,
    );
    assert.equal(await outcome(chain, TxRaw.encode(raw).finish()), '/0: ');
    const later = TxRaw.decode(await bob.sign([send(alice, bob.address, '1')], { sequence: 1 }));
    assert.match(
      await outcome(chain, TxRaw.encode(later).finish()),
      /^sdk\/8: pubKey does not match/,
    );
  });

  it('refuses bytes that are no canonical transaction', async () => {
    const tx = await alice.sign([send(alice, bob.address, '1')], { sequence: 0 });
    const raw = TxRaw.decode(tx);
    const unknownInBody = concatBytes(raw.bodyBytes, Uint8Array.of(0x28, 1));
    const cases = [
      new Uint8Array(0),
      toUtf8('not a transaction'),
      tx.subarray(0, tx.length - 1),
      concatBytes(tx, Uint8Array.of(0)),
      concatBytes(tx, Uint8Array.of(0x22, 1, 1)),
      TxRaw.encode({ ...raw, bodyBytes: unknownInBody }).finish(),
      TxRaw.encode({ ...raw, bodyBytes: new Uint8Array(0) }).finish(),
    ];
    for (const bytes of cases) assert.match(await outcome(chain, bytes), /^sdk\/(2|18): /);
    const tooLarge = new Uint8Array(1_048_577);
    assert.equal((await chain.app.checkTx({ tx: tooLarge, type: 'new' })).code, 21);
    assert.equal((await chain.block([tooLarge]))[0]!.code, 2, 'in a block all nodes agree');
    assert.equal(await balance(chain, alice.address), START);
  });

  const badSends: [string, { amount?: string; denom?: string; to?: string }, string][] = [
    ['a negative amount', { amount: '-1' }, 'sdk/10'],
    ['zero', { amount: '0' }, 'sdk/10'],
    ['a fraction', { amount: '1.5' }, 'sdk/2'],
    ['an exponent', { amount: '1e3' }, 'sdk/2'],
    ['no number', { amount: 'many' }, 'sdk/2'],
    ['over 256 bits', { amount: (1n << 256n).toString() }, 'sdk/2'],
    ['256 bits', { amount: ((1n << 256n) - 1n).toString() }, 'sdk/5'],
    ['a short denom', { denom: 'ab' }, 'sdk/10'],
    ['a denom of other letters', { denom: 'udépin' }, 'sdk/10'],
    ['a denom that nobody holds', { denom: 'uother' }, 'sdk/5'],
    [
      'a bad checksum',
      { to: 'depin1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqqqqqq' },
      'sdk/7',
    ],
    ['an address of another chain', { to: formatAddress('cosmos', new Uint8Array(20)) }, 'sdk/7'],
    [
      'a module account',
      { to: formatAddress('depin', moduleAddress('bonded_tokens_pool')) },
      'sdk/4',
    ],
  ];
  for (const [name, change, expected] of badSends) {
    it(`refuses to send: ${name}`, async () => {
      const message = send(alice, change.to ?? bob.address, change.amount ?? '1', change.denom);
      const result = await chain.send(alice, [message]);
      assert.equal(`${result.codespace}/${result.code}`, expected, result.log);
      // What does not even decode pays nothing.
      const fee = expected === 'sdk/2' ? 0n : 5000n;
      assert.equal(await balance(chain, alice.address), START - fee);
    });
  }

  it('takes no more gas into a block than it has', async () => {
    const { gasUsed } = await chain.send(alice, [send(alice, bob.address, '1')]);
    const limited = await TestChain.start({ maxGas: (gasUsed * 3n) / 2n });
    const [from, to] = limited.accounts as [TestAccount, TestAccount];
    const gas = Number((gasUsed * 6n) / 5n);
    const txs = [
      await from.sign([send(from, to.address, '1')], { gas }),
      await from.sign([send(from, to.address, '1')], { gas }),
    ];
    const results: readonly TxResult[] = await limited.block(txs);
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 11],
    );
    assert.equal(await balance(limited, to.address), START + 1n);
    const { accept } = await limited.app.processProposal(
      processRequest({ txs, height: 3n, time: 0n }),
    );
    assert.equal(accept, false);
  });

  it('asks for the minimum gas price at the door only', async () => {
    const priced = await TestChain.start({ minimumGasPrices: '0.025udepin' });
    const [from, to] = priced.accounts as [TestAccount, TestAccount];
    const sign = (fee: string) =>
      from.sign([send(from, to.address, '1')], { sequence: 0, fee, gas: 100_000 });
    const short = await priced.app.checkTx({ tx: await sign('2499'), type: 'new' });
    assert.equal(`${short.codespace}/${short.code}`, 'sdk/13');
    assert.match(short.log, /got: 2499udepin required: 2500udepin/);
    assert.equal((await priced.app.checkTx({ tx: await sign('2500'), type: 'new' })).code, 0);
  });

  it('keeps CheckTx ahead of blocks: a second transaction in flight has the next sequence', async () => {
    const txs = [0, 1, 2].map((n) => alice.sign([send(alice, bob.address, '1')], { sequence: n }));
    for (const tx of await Promise.all(txs)) {
      assert.equal((await chain.app.checkTx({ tx, type: 'new' })).code, 0);
    }
    const results = await chain.block(await Promise.all(txs));
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0, 0],
    );
  });
});

describe('queries', () => {
  it('prove a balance up to the AppHash', async () => {
    const chain = await TestChain.start();
    const [alice] = chain.accounts as [TestAccount];
    await chain.block([]);
    const key = balanceKey(parseAddress('depin', alice.address), 'udepin');
    const answer = await chain.query('/store/bank/key', key, { prove: true });
    const [iavl, simple] = answer.proofOps!;
    const value = toUtf8(START.toString());
    assert.deepEqual(answer.value, value);
    const root = chain.app.store.at(answer.height).storeRoots.get('bank')!;
    const appHash = chain.app.store.at(answer.height).appHash;
    assert.deepEqual(verifyMembership({ spec: iavlSpec, root, proof: iavl!.data, key, value }), {
      ok: true,
    });
    const store = {
      spec: tendermintSpec,
      root: appHash,
      proof: simple!.data,
      key: toUtf8('bank'),
      value: root,
    };
    assert.deepEqual(verifyMembership(store), { ok: true });
  });

  const cases: [string, string, bigint, boolean, string][] = [
    ['a future height', '/store/bank/key', 99n, false, 'sdk/26'],
    ['a negative height', '/store/bank/key', -1n, false, 'sdk/18'],
    ['a proof of height 1', '/store/bank/key', 1n, true, 'sdk/18'],
    ['an unknown store', '/store/nope/key', 0n, false, 'sdk/6'],
    ['an unknown path', '/cosmos.nope.v1.Query/Nope', 0n, false, 'sdk/6'],
    ['a proof of a module query', '/cosmos.bank.v1beta1.Query/Params', 0n, true, 'sdk/18'],
  ];
  for (const [name, path, height, prove, expected] of cases) {
    it(`refuse ${name}`, async () => {
      const chain = await TestChain.start();
      await chain.block([]);
      const answer = await chain.query(path, toUtf8('key'), { height, prove });
      assert.equal(`${answer.codespace}/${answer.code}`, expected, answer.log);
    });
  }

  it('refuse a pruned height and name what is kept', async () => {
    const chain = await TestChain.start({ pruning: 'everything' });
    for (let i = 0; i < 10; i++) await chain.block([]);
    const answer = await chain.query('/cosmos.bank.v1beta1.Query/Params', new Uint8Array(0), {
      height: 1n,
    });
    assert.equal(`${answer.codespace}/${answer.code}`, 'sdk/18');
    assert.match(answer.log, /height 1;.*kept versions are 8 to 11/);
  });

  it('refuse a malformed request', async () => {
    const chain = await TestChain.start();
    const answer = await chain.query('/cosmos.bank.v1beta1.Query/Balance', Uint8Array.of(0x0a, 9));
    assert.equal(`${answer.codespace}/${answer.code}`, 'sdk/18');
  });

  it('say NotFound for an account that is none, as wallets look for it', async () => {
    const chain = await TestChain.start();
    const address = formatAddress('depin', new Uint8Array(20).fill(9));
    const answer = await chain.query(
      '/cosmos.auth.v1beta1.Query/Account',
      QueryAccountRequest.encode({ address }).finish(),
    );
    assert.equal(answer.code, 22);
    assert.match(answer.log, /rpc error: code = NotFound/);
  });
});

describe('genesis', () => {
  it('exports what starts a chain with the same answers', async () => {
    const chain = await TestChain.start();
    const [alice, bob] = chain.accounts as [TestAccount, TestAccount];
    await chain.send(alice, [send(alice, bob.address, '42')]);
    const exported = chain.app.exportGenesis();
    const again = await TestChain.start({ appState: exported });
    assert.equal(await balance(again, bob.address), START + 42n);
    assert.equal(await sequence(again, alice.address), 1n);
    assert.deepEqual(Object.keys(again.app.exportGenesis()), Object.keys(exported));
  });

  const broken: [string, (state: Record<string, object>) => unknown, RegExp][] = [
    ['an unknown module', (state) => ({ ...state, nope: {} }), /app_state\.nope: no such module/],
    [
      'an unknown field',
      (state) => ({ ...state, credits: { nope: 1 } }),
      /app_state\.credits.*nope/,
    ],
    [
      'a bad address',
      (state) => ({ ...state, bank: { balances: [{ address: 'x', coins: [] }] } }),
      /app_state\.bank\.balances\[0\]\.address/,
    ],
    [
      'a supply that is not the sum',
      (state) => ({
        ...state,
        bank: { ...state.bank, supply: [{ denom: 'udepin', amount: '5' }] },
      }),
      /app_state\.bank\.supply/,
    ],
    ['stake without coins', (state) => ({ ...state, bank: {} }), /app_state\.staking\.validators/],
  ];
  for (const [name, change, expected] of broken) {
    it(`names the field of ${name}`, async () => {
      const exported = (await TestChain.start()).app.exportGenesis() as Record<string, object>;
      await assert.rejects(TestChain.start({ appState: change(exported) }), expected);
    });
  }
});
