import assert from 'node:assert/strict';
import {
  DirectSecp256k1HdWallet,
  type EncodeObject,
  type GeneratedType,
  makeCosmoshubPath,
} from '@cosmjs/proto-signing';
import { BasicAllowance } from 'cosmjs-types/cosmos/feegrant/v1beta1/feegrant';
import { BaseAccount } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import {
  QueryAccountRequest,
  QueryAccountResponse,
} from '../../wire/gen/cosmos/auth/v1beta1/query.ts';
import {
  QueryBalanceRequest,
  QueryBalanceResponse,
} from '../../wire/gen/cosmos/bank/v1beta1/query.ts';
import { MsgPruneAllowances } from '../../wire/gen/cosmos/feegrant/v1beta1/prune.ts';
import { SimulateRequest, SimulateResponse } from '../../wire/gen/cosmos/tx/v1beta1/service.ts';
import { MNEMONIC, TestAccount, TestChain } from '../support/testChain.ts';
import { signTx, type TxParts, unsignedTx } from '../support/txs.ts';

const START = 1_000_000_000_000n;

const send = (from: TestAccount, to: TestAccount, amount = '7'): EncodeObject => ({
  typeUrl: '/cosmos.bank.v1beta1.MsgSend',
  value: {
    fromAddress: from.address,
    toAddress: to.address,
    amount: [{ denom: 'udepin', amount }],
  },
});

describe('fee payers and granters', () => {
  let chain: TestChain;
  let [alice, bob, carol]: TestAccount[] = [];

  const balance = async (account: TestAccount): Promise<bigint> => {
    const data = QueryBalanceRequest.encode({ address: account.address, denom: 'udepin' }).finish();
    const answer = await chain.query('/cosmos.bank.v1beta1.Query/Balance', data);
    return BigInt(QueryBalanceResponse.decode(answer.value).balance!.amount);
  };
  const outcome = async (parts: TxParts): Promise<string> => {
    const tx = await signTx(parts);
    const checked = await chain.app.checkTx({ tx, type: 'new' });
    const [result] = await chain.block([tx]);
    assert.equal(checked.code, result!.code, `${checked.log} | ${result!.log}`);
    return `${result!.codespace}/${result!.code}: ${result!.log}`;
  };
  const grant = (granter: TestAccount, grantee: TestAccount, limit: string): Promise<string> =>
    outcome({
      messages: [
        {
          typeUrl: '/cosmos.feegrant.v1beta1.MsgGrantAllowance',
          value: {
            granter: granter.address,
            grantee: grantee.address,
            allowance: {
              typeUrl: '/cosmos.feegrant.v1beta1.BasicAllowance',
              value: BasicAllowance.encode({
                spendLimit: [{ denom: 'udepin', amount: limit }],
              }).finish(),
            },
          },
        },
      ],
      signers: [granter],
    });

  beforeEach(async () => {
    chain = await TestChain.start();
    [alice, bob, carol] = chain.accounts as TestAccount[];
    for (const account of chain.accounts) account.sequence = 0;
  });

  it('draws the fee from the granter, who does not sign', async () => {
    assert.equal(await grant(alice!, bob!, '9000'), '/0: ');
    const parts = { messages: [send(bob!, carol!)], signers: [bob!], granter: alice!.address };
    assert.equal(await outcome(parts), '/0: ');
    assert.equal(await balance(alice!), START - 10_000n);
    assert.equal(await balance(bob!), START - 7n);
    const events = chain.lastBlock!.txResults[0]!.events;
    const payers = events.flatMap(({ attributes }) =>
      attributes.filter(({ key }) => key === 'fee_payer').map(({ value }) => value),
    );
    assert.deepEqual(payers, [alice!.address]);
    assert.deepEqual(
      events.map(({ type }) => type).filter((type) => type.endsWith('feegrant')),
      ['use_feegrant', 'update_feegrant'],
    );
    const refused = await outcome(parts);
    assert.match(refused, /^feegrant\/2: depin1.* does not allow to pay fees for depin1.*limit/);
    assert.equal(await balance(alice!), START - 10_000n, 'and nothing is charged');
  });

  it('refuses a granter without a grant, and charges nobody', async () => {
    const parts = { messages: [send(bob!, carol!)], signers: [bob!], granter: alice!.address };
    assert.match(await outcome(parts), /^sdk\/38: .*fee-grant not found/);
    assert.match(
      await outcome({ ...parts, granter: 'depin1x', sequence: 0 }),
      /^sdk\/7: auth_info/,
    );
    assert.equal(await balance(alice!), START);
    const own = { ...parts, granter: bob!.address, sequence: 0 };
    assert.equal(await outcome(own), '/0: ', 'the payer may name itself');
    assert.equal(await balance(bob!), START - 5007n);
  });

  it('keeps what a grant paid when the messages fail', async () => {
    await grant(alice!, bob!, '9000');
    const messages = [send(bob!, carol!, (2n * START).toString())];
    const parts = { messages, signers: [bob!], granter: alice!.address };
    const [result] = await chain.block([await signTx(parts)]);
    assert.equal(`${result!.codespace}/${result!.code}`, 'sdk/5');
    assert.equal(await balance(alice!), START - 10_000n);
  });

  it('charges a fee payer who is not the first signer, and who signs', async () => {
    const messages = [send(alice!, carol!)];
    const payer = bob!.address;
    assert.equal(await outcome({ messages, signers: [alice!, bob!], payer }), '/0: ');
    assert.equal(await balance(alice!), START - 7n);
    assert.equal(await balance(bob!), START - 5000n);
    const alone = { messages, signers: [alice!], payer };
    assert.match(await outcome(alone), /^sdk\/4: wrong number of signers; expected 2/);
    const swapped = { messages, signers: [bob!, alice!], payer, sequence: 1 };
    assert.match(await outcome(swapped), /^sdk\/8: pubKey does not match/);
  });

  it('takes a grant to a fee payer, and an address in capitals for the same signer', async () => {
    await grant(carol!, bob!, '50000');
    const messages = [send(alice!, carol!)];
    const parts = { messages, signers: [alice!, bob!], payer: bob!.address.toUpperCase() };
    assert.equal(await outcome({ ...parts, granter: carol!.address }), '/0: ');
    assert.equal(await balance(bob!), START);
    const own = { messages, signers: [alice!], payer: alice!.address.toUpperCase() };
    assert.equal(await outcome(own), '/0: ');
  });

  it('lets an account sign that never held a coin', async () => {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, {
      prefix: 'depin',
      hdPaths: [makeCosmoshubPath(9)],
    });
    const { address, pubkey } = (await wallet.getAccounts())[0]!;
    const data = QueryAccountRequest.encode({ address }).finish();
    const account = () => chain.query('/cosmos.auth.v1beta1.Query/Account', data);
    assert.match((await account()).log, /NotFound/);
    const poor = new TestAccount({ address, pubkey, wallet, accountNumber: 0 });
    await grant(alice!, poor, '9000');
    const made = BaseAccount.decode(
      QueryAccountResponse.decode((await account()).value).account!.value,
    );
    const accountNumber = Number(made.accountNumber);
    const dave = new TestAccount({ address, pubkey, wallet, accountNumber });
    const typeUrl = '/cosmos.feegrant.v1beta1.MsgPruneAllowances';
    dave.registry.register(typeUrl, MsgPruneAllowances as unknown as GeneratedType);
    const prune = { typeUrl, value: { pruner: address } };
    const parts = { messages: [prune], signers: [dave], granter: alice!.address };
    assert.equal(await outcome(parts), '/0: ');
    assert.equal(await balance(dave), 0n);
  });

  it('draws only what a replacement pays more from the same granter, and all from another', async () => {
    await grant(alice!, bob!, '12000');
    const check = async (fee: string, granter = alice!): Promise<string> => {
      const messages = [send(bob!, carol!)];
      const parts = { messages, signers: [bob!], sequence: 0, fee, granter: granter.address };
      const { codespace, code } = await chain.app.checkTx({ tx: await signTx(parts), type: 'new' });
      return `${codespace}/${code}`;
    };
    assert.equal(await check('5000'), '/0');
    assert.equal(await check('9000'), '/0');
    assert.equal(await check('12001'), 'feegrant/2');
    assert.equal(await check('12000', carol!), 'sdk/38');
    assert.equal(
      await check(`${START}`, bob!),
      '/0',
      'what the granter paid before is not its own',
    );
    assert.equal(await check(`${2n * START}`, bob!), 'sdk/5');
  });

  it('is simulated with what the real one will use', async () => {
    await grant(alice!, bob!, '9000');
    const parts = { messages: [send(bob!, carol!)], signers: [bob!], granter: alice!.address };
    const txBytes = unsignedTx({ ...parts, fee: '', gas: 0n });
    const answer = await chain.query(
      '/cosmos.tx.v1beta1.Service/Simulate',
      SimulateRequest.encode({ txBytes }).finish(),
    );
    assert.equal(answer.log, '');
    const used = SimulateResponse.decode(answer.value).gasInfo!.gasUsed;
    assert.equal(await outcome({ ...parts, gas: (used * 12n) / 10n }), '/0: ');
  });
});
