import assert from 'node:assert/strict';
import { TestChain } from './support/testChain.ts';
import { QueryBalanceRequest, QueryBalanceResponse } from '../wire/gen/cosmos/bank/v1beta1/query.ts';

describe('the application', () => {
  it('moves coins', async () => {
    const chain = await TestChain.start();
    const [alice, bob] = chain.accounts as [(typeof chain.accounts)[0], (typeof chain.accounts)[0]];
    const result = await chain.send(alice, [
      {
        typeUrl: '/cosmos.bank.v1beta1.MsgSend',
        value: { fromAddress: alice.address, toAddress: bob.address, amount: [{ denom: 'udepin', amount: '7' }] },
      },
    ]);
    assert.equal(result.log, '');
    console.log(result);
    const answer = await chain.query(
      '/cosmos.bank.v1beta1.Query/Balance',
      QueryBalanceRequest.encode({ address: bob.address, denom: 'udepin' }).finish(),
    );
    assert.equal(QueryBalanceResponse.decode(answer.value).balance?.amount, '1000000000007');
  });
});
