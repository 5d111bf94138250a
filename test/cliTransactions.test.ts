import assert from 'node:assert/strict';
import { type Outcome, run } from '../cli/testing/terminal.ts';
import { hintFor, hintIn } from '../cli/tx/hints.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

/** Who pays, until when, in which order: the flags of `depind tx` against a running localnet. */
describe('depind tx', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  before(async () => {
    localnet = await startTestLocalnet({ validators: 1, devices: 0, authority: 'alice' });
  });
  after(() => localnet?.stop());

  const depind = (line: string): Promise<Outcome> =>
    run(line.split(' '), { env: { DEPIND_HOME: localnet.home } });
  async function json(line: string) {
    const { code, out, err } = await depind(`${line} -o json`);
    assert.equal(code, 0, `${line}: ${err}`);
    return JSON.parse(out);
  }
  const balance = async (name: string): Promise<bigint> =>
    BigInt((await json(`query bank balance ${name} udepin`)).balance.amount);

  it('draws fees from who granted them', async () => {
    const allowance = JSON.stringify({
      '@type': '/cosmos.feegrant.v1beta1.BasicAllowance',
      spend_limit: [{ denom: 'udepin', amount: '9000' }],
    });
    const granted = await json(`tx feegrant grant-allowance bob ${allowance} --from alice -y`);
    assert.equal(granted.code, 0);
    const before = { alice: await balance('alice'), bob: await balance('bob') };
    const pay = 'tx bank send bob carol 5udepin -y --fees 7000udepin --fee-granter alice';
    const { tx } = await json(pay);
    assert.equal(tx.auth_info.fee.granter, granted.tx.body.messages[0].granter);
    assert.equal(await balance('alice'), before.alice - 7000n);
    assert.equal(await balance('bob'), before.bob - 5n);
    const refused = await depind(pay);
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /would fail: .*fee limit exceeded \(feegrant\/2\); hint: the allowance is used up: see .*query feegrant/,
    );
    const left = await json('query feegrant allowances bob');
    assert.equal(left.allowances[0].allowance.spend_limit[0].amount, '2000');
  });

  it('lets another key pay, which signs as well', async () => {
    const before = await balance('dave');
    const paid = await json('tx bank send bob carol 5udepin -y --fees 9udepin --fee-payer dave');
    assert.equal(paid.tx.signatures.length, 2);
    assert.equal(await balance('dave'), before - 9n);
    const offline = await depind(
      'tx bank send bob carol 5udepin -y --fee-payer dave --offline --gas 200000 --account-number 1 --sequence 1',
    );
    assert.match(offline.err, /--offline: nothing says the sequence of the --fee-payer's account/);
  });

  it('sends without a sequence, many at once', async () => {
    const line = 'tx bank send carol bob 5udepin -y --unordered --gas 200000 --timeout-duration';
    const sent = await Promise.all(['60s', '61s', '62s'].map((time) => json(`${line} ${time}`)));
    for (const { code, tx } of sent) {
      assert.equal(code, 0);
      assert.equal(tx.body.unordered, true);
      assert.equal(tx.auth_info.signer_infos[0].sequence, '0');
      assert.match(tx.body.timeout_timestamp, /^2\d{3}-.*Z$/);
    }
    for (const [flags, message] of [
      ['--unordered', /--unordered: needs --timeout-duration/],
      ['--unordered --timeout-duration 1m --sequence 4', /--unordered: goes without --sequence/],
      ['--unordered --timeout-duration 11m', /--timeout-duration: expected at most 10m/],
    ] as const) {
      const refused = await depind(`tx bank send carol bob 5udepin -y ${flags}`);
      assert.equal(refused.code, 1);
      assert.match(refused.err, message);
    }
  });

  it('plans and cancels an upgrade, for the authority alone', async () => {
    const refused = await depind('tx upgrade plan v2 100000 --from bob -y');
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /expected authority account .*\(upgrade\/6\); hint: sign with the authority of the chain/,
    );
    assert.equal((await json('tx upgrade plan v2 100000 --info notes --from alice -y')).code, 0);
    const { plan } = await json('query upgrade current-plan');
    assert.deepEqual([plan.name, plan.height, plan.info], ['v2', '100000', 'notes']);
    assert.equal((await json('tx upgrade cancel --from alice -y')).code, 0);
    assert.equal((await json('query upgrade current-plan')).plan ?? null, null);
  });

  it('says what to do about what failed', async () => {
    const sequence = await depind(
      'tx bank send alice bob 1udepin -y --sequence 99 --account-number 0 --gas 200000',
    );
    assert.match(sequence.err, /mismatch.*\(sdk\/32\)\nhint: another transaction of the account/);
    const gas = await depind('tx bank send alice bob 1udepin -y --gas 9000');
    assert.match(gas.err, /\(sdk\/11\)\nhint: give it more gas/);
    const height = await depind(
      'tx bank send alice bob 1udepin -y --gas 200000 --timeout-height 1',
    );
    assert.match(height.err, /\(sdk\/30\)\nhint: send it again/);
    assert.equal(hintFor('bank', 3, ''), undefined);
    assert.equal(hintFor('sdk', 38, 'item is not set: not found'), undefined);
    assert.match(hintFor('sdk', 38, 'fee-grant not found: not found')!, /feegrant allowances/);
    assert.match(hintIn('x: insufficient funds (sdk/5)')!, /bank balances/);
    assert.equal(hintIn('x (sdk/5) y'), undefined);
  });
});
