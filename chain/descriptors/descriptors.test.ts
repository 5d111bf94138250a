import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { Descriptors } from './descriptors.ts';
import { fromJson } from './fromJson.ts';
import { signersOf } from './signers.ts';

describe('Descriptors', () => {
  const descriptors = Descriptors.load();

  it('find messages by full name and name one that is unknown', () => {
    equal(descriptors.schema('cosmos.bank.v1beta1.MsgSend').declared[0]?.name, 'from_address');
    ok(descriptors.has('cosmos.crypto.secp256r1.PubKey'));
    for (const name of ['cosmos.bank.v1beta1.Nothing', 'MsgSend', '', '.cosmos.tx.v1beta1.Tx']) {
      equal(descriptors.has(name), false, name);
    }
    throws(() => descriptors.schema('a.B'), /message "a\.B" is unknown/);
  });

  it('compile every request and answer of every service', () => {
    for (const service of descriptors.services()) {
      for (const method of service.methods) {
        ok(descriptors.schema(method.requestType), method.path);
        ok(descriptors.schema(method.responseType), method.path);
      }
    }
  });

  it('describe a method with its route and comment', () => {
    const bank = descriptors.services().find((s) => s.fullName === 'cosmos.bank.v1beta1.Query');
    const method = bank?.methods.find((m) => m.name === 'AllBalances');
    ok(method !== undefined && method.comment !== '');
    deepEqual(
      { ...method, comment: '' },
      {
        name: 'AllBalances',
        path: '/cosmos.bank.v1beta1.Query/AllBalances',
        requestType: 'cosmos.bank.v1beta1.QueryAllBalancesRequest',
        responseType: 'cosmos.bank.v1beta1.QueryAllBalancesResponse',
        http: {
          method: 'GET',
          path: '/cosmos/bank/v1beta1/balances/{address}',
          additional: [],
        },
        comment: '',
      },
    );
  });

  it('hold what SDK v0.50 added to the published texts', () => {
    const names = descriptors.services().flatMap((s) => s.methods.map((m) => m.path));
    ok(names.includes('/cosmos.auth.v1beta1.Query/AccountInfo'));
    ok(names.includes('/cosmos.base.tendermint.v1beta1.Service/ABCIQuery'));
    deepEqual(descriptors.signerFields('cosmos.staking.v1beta1.MsgCreateValidator'), [
      'validator_address',
    ]);
  });

  it('name a signer in every message of every Msg service', () => {
    for (const service of descriptors.services().filter((s) => s.fullName.endsWith('.Msg'))) {
      for (const { requestType } of service.methods) {
        ok(descriptors.signerFields(requestType).length > 0, requestType);
      }
    }
  });
});

describe('signersOf', () => {
  const descriptors = Descriptors.load();
  const signers = (type: string, json: unknown) =>
    signersOf(descriptors, `/${type}`, fromJson(descriptors, type, json));

  it('gives the address of the signer field', () => {
    deepEqual(signers('cosmos.bank.v1beta1.MsgSend', { from_address: 'a', to_address: 'b' }), [
      'a',
    ]);
  });

  it('follows nested messages, in order and without repeats', () => {
    const inputs = [{ address: 'b' }, { address: 'a' }, { address: 'b' }];
    deepEqual(signers('cosmos.bank.v1beta1.MsgMultiSend', { inputs }), ['b', 'a']);
  });

  it('refuses a missing signer, a type without signers and an unknown type', () => {
    throws(
      () => signers('cosmos.bank.v1beta1.MsgSend', {}),
      /MsgSend\.from_address: signer is missing/,
    );
    throws(() => signers('cosmos.bank.v1beta1.MsgMultiSend', {}), /inputs: signer is missing/);
    throws(() => signers('cosmos.base.v1beta1.Coin', {}), /Coin: declares no signer/);
    throws(() => signersOf(descriptors, '/a.B', new Uint8Array(0)), /"a\.B" is unknown/);
    throws(() => signersOf(descriptors, 'a.B', new Uint8Array(0)), /expected a type URL/);
  });
});
