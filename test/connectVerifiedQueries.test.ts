/** Every query of CosmJS over the verifying client: the node's own answer, proven, or a refusal. */
import { strict as assert } from 'node:assert';
import {
  QueryClient,
  setupAuthExtension,
  setupAuthzExtension,
  setupBankExtension,
  setupDistributionExtension,
  setupFeegrantExtension,
  setupGovExtension,
  setupIbcExtension,
  setupMintExtension,
  setupSlashingExtension,
  setupStakingExtension,
  setupTxExtension,
} from '@cosmjs/stargate';
import { Comet38Client } from '@cosmjs/tendermint-rpc';
import { PageRequest } from 'cosmjs-types/cosmos/base/query/v1beta1/pagination';
import {
  QueryValidatorsRequest,
  QueryValidatorsResponse,
} from 'cosmjs-types/cosmos/staking/v1beta1/query';
import { connectVerified, UnprovenError, type Verification } from '../lightclient/cosmjs/index.ts';
import { HttpProvider } from '../lightclient/index.ts';
import { SECOND } from '../lightclient/testing/chain.ts';
import { formatAddress, parseAddress } from '../wire/address.ts';
import { hashHeader } from '../wire/header.ts';
import { NETWORK_CHAIN_ID as chainId, startNetwork, type TestNetwork } from './support/network.ts';

/** The client with every query at one height: supplies change with every block. */
function pinnedTo<T extends Comet38Client>(comet: T, height: number): T {
  const abciQuery: Comet38Client['abciQuery'] = (asked) => comet.abciQuery({ ...asked, height });
  return new Proxy(comet, {
    get: (target, name) => (name === 'abciQuery' ? abciQuery : Reflect.get(target, name, target)),
  });
}

const queriesOf = (comet: Comet38Client) =>
  QueryClient.withExtensions(
    comet,
    setupAuthExtension,
    setupAuthzExtension,
    setupBankExtension,
    setupDistributionExtension,
    setupFeegrantExtension,
    setupGovExtension,
    setupIbcExtension,
    setupMintExtension,
    setupSlashingExtension,
    setupStakingExtension,
    setupTxExtension,
  );
type Queries = ReturnType<typeof queriesOf>;

/** What there is to ask about. */
interface Known {
  readonly alice: string;
  readonly bob: string;
  readonly operator: string;
  readonly validator: string;
}
type Ask = (queries: Queries, known: Known) => Promise<unknown>;

/** Those whose answers store proofs give. */
const PROVEN: Readonly<Record<string, Ask>> = {
  'auth.account': ({ auth }, { bob }) => auth.account(bob),
  'bank.balance': ({ bank }, { bob }) => bank.balance(bob, 'udepin'),
  'bank.allBalances': ({ bank }, { bob }) => bank.allBalances(bob),
  'bank.totalSupply': ({ bank }) => bank.totalSupply(),
  'bank.supplyOf': ({ bank }) => bank.supplyOf('udepin'),
  'bank.denomMetadata, unknown': ({ bank }) => bank.denomMetadata('nothing'),
  'staking.delegation': ({ staking }, { operator, validator }) =>
    staking.delegation(operator, validator),
  'staking.delegation, unknown': ({ staking }, { bob, validator }) =>
    staking.delegation(bob, validator),
  'staking.delegatorDelegations': ({ staking }, { operator }) =>
    staking.delegatorDelegations(operator),
  'staking.delegatorUnbondingDelegations': ({ staking }, { operator }) =>
    staking.delegatorUnbondingDelegations(operator),
  'staking.unbondingDelegation, unknown': ({ staking }, { bob, validator }) =>
    staking.unbondingDelegation(bob, validator),
  'staking.params': ({ staking }) => staking.params(),
  'staking.pool': ({ staking }) => staking.pool(),
  'staking.validator': ({ staking }, { validator }) => staking.validator(validator),
  'staking.validators, bonded': ({ staking }) => staking.validators('BOND_STATUS_BONDED'),
  'staking.validators, unbonded': ({ staking }) => staking.validators('BOND_STATUS_UNBONDED'),
  'staking.validators, all': ({ staking }) => staking.validators(''),
};

/** Those that rest on what a node says. */
const REFUSED: Readonly<Record<string, Ask>> = {
  'authz.grants': ({ authz }, { alice, bob }) => authz.grants(alice, bob, '/x'),
  'authz.granteeGrants': ({ authz }, { bob }) => authz.granteeGrants(bob),
  'authz.granterGrants': ({ authz }, { alice }) => authz.granterGrants(alice),
  'bank.denomsMetadata': ({ bank }) => bank.denomsMetadata(),
  'distribution.communityPool': ({ distribution }) => distribution.communityPool(),
  'distribution.delegationRewards': ({ distribution }, { operator, validator }) =>
    distribution.delegationRewards(operator, validator),
  'distribution.delegationTotalRewards': ({ distribution }, { operator }) =>
    distribution.delegationTotalRewards(operator),
  'distribution.delegatorValidators': ({ distribution }, { operator }) =>
    distribution.delegatorValidators(operator),
  'distribution.delegatorWithdrawAddress': ({ distribution }, { operator }) =>
    distribution.delegatorWithdrawAddress(operator),
  'distribution.params': ({ distribution }) => distribution.params(),
  'distribution.validatorCommission': ({ distribution }, { validator }) =>
    distribution.validatorCommission(validator),
  'distribution.validatorOutstandingRewards': ({ distribution }, { validator }) =>
    distribution.validatorOutstandingRewards(validator),
  'distribution.validatorSlashes': ({ distribution }, { validator }) =>
    distribution.validatorSlashes(validator, 1, 2),
  'feegrant.allowance': ({ feegrant }, { alice, bob }) => feegrant.allowance(alice, bob),
  'feegrant.allowances': ({ feegrant }, { bob }) => feegrant.allowances(bob),
  'gov.params': ({ gov }) => gov.params('voting'),
  'gov.proposals': ({ gov }) => gov.proposals(0, '', ''),
  'gov.proposal': ({ gov }) => gov.proposal(1),
  'gov.deposits': ({ gov }) => gov.deposits(1),
  'gov.deposit': ({ gov }, { alice }) => gov.deposit(1, alice),
  'gov.tally': ({ gov }) => gov.tally(1),
  'gov.votes': ({ gov }) => gov.votes(1),
  'gov.vote': ({ gov }, { alice }) => gov.vote(1, alice),
  'ibc.channel': ({ ibc }) => ibc.channel.channel('transfer', 'channel-0'),
  'ibc.channels': ({ ibc }) => ibc.channel.allChannels(),
  'ibc.packetCommitment': ({ ibc }) => ibc.channel.packetCommitment('transfer', 'channel-0', 1),
  'ibc.client': ({ ibc }) => ibc.client.state('07-tendermint-0'),
  'ibc.clients': ({ ibc }) => ibc.client.allStates(),
  'ibc.connection': ({ ibc }) => ibc.connection.connection('connection-0'),
  'ibc.denomTraces': ({ ibc }) => ibc.transfer.allDenomTraces(),
  'mint.params': ({ mint }) => mint.params(),
  'mint.inflation': ({ mint }) => mint.inflation(),
  'mint.annualProvisions': ({ mint }) => mint.annualProvisions(),
  'slashing.signingInfo': ({ slashing }) => slashing.signingInfo('x'),
  'slashing.signingInfos': ({ slashing }) => slashing.signingInfos(),
  'slashing.params': ({ slashing }) => slashing.params(),
  'staking.historicalInfo': ({ staking }) => staking.historicalInfo(2),
  'staking.redelegations': ({ staking }, { operator, validator }) =>
    staking.redelegations(operator, validator, validator),
  'staking.delegatorValidators': ({ staking }, { operator }) =>
    staking.delegatorValidators(operator),
  'staking.delegatorValidator': ({ staking }, { operator, validator }) =>
    staking.delegatorValidator(operator, validator),
  'staking.validatorDelegations': ({ staking }, { validator }) =>
    staking.validatorDelegations(validator),
  'staking.validatorUnbondingDelegations': ({ staking }, { validator }) =>
    staking.validatorUnbondingDelegations(validator),
  'tx.getTx': ({ tx }) => tx.getTx('00'.repeat(32)),
};

describe('Every query of CosmJS over connectVerified', function () {
  this.timeout(60_000);
  let network: TestNetwork;
  let known: Known;
  let proven: Queries;
  let direct: Queries;
  const verifications: Verification[] = [];
  let close = () => {};

  before(async () => {
    network = await startNetwork();
    const url = network.rpc;
    const { header } = await new HttpProvider({ url, chainId }).signedHeader(1n);
    await network.localnet.waitForHeight(4n, 10_000);
    const comet = await connectVerified({
      chainId,
      primary: url,
      witnesses: [],
      withoutWitnesses: true,
      trust: { height: 1n, hash: hashHeader(header), period: 3_600n * SECOND },
      unproven: 'refuse',
    });
    comet.onAnswer((verification) => void verifications.push(verification));
    const plain = await Comet38Client.connect(url);
    proven = queriesOf(pinnedTo(comet, 3));
    direct = queriesOf(pinnedTo(plain, 3));
    const [alice, bob] = network.addresses as [string, string];
    const { validators } = await direct.staking.validators('');
    const validator = validators[0]!.operatorAddress;
    const operator = formatAddress('depin', parseAddress('depinvaloper', validator));
    known = { alice, bob, operator, validator };
    close = () => {
      comet.disconnect();
      plain.disconnect();
    };
  });

  after(async () => {
    close();
    await network.stop();
  });

  it('is in one of the two lists', () => {
    const listed = [...Object.keys(PROVEN), ...Object.keys(REFUSED)].map((name) =>
      name.replace(/, .*/, ''),
    );
    for (const module of ['authz', 'bank', 'distribution', 'feegrant', 'gov', 'mint'] as const) {
      for (const name of Object.keys(direct[module])) {
        assert.ok(listed.includes(`${module}.${name}`), `${module}.${name}`);
      }
    }
    for (const module of ['slashing', 'staking'] as const) {
      for (const name of Object.keys(direct[module])) {
        assert.ok(listed.includes(`${module}.${name}`), `${module}.${name}`);
      }
    }
  });

  it('gives the answer of the node, proven', async () => {
    for (const [name, ask] of Object.entries(PROVEN)) {
      verifications.length = 0;
      const [ours, theirs] = await Promise.allSettled([ask(proven, known), ask(direct, known)]);
      assert.equal(ours.status, theirs.status, `${name}: ${JSON.stringify(ours, shown)}`);
      if (ours.status === 'fulfilled' && theirs.status === 'fulfilled') {
        assert.deepEqual(ours.value, theirs.value, name);
      }
      assert.deepEqual([...new Set(verifications.map((each) => each.proven))], ['all'], name);
      assert.ok(
        verifications.every(({ header, height }) => height === 3n && header?.height === 4n),
        name,
      );
    }
  });

  it('gives every page as the node does, whatever its length and filter', async () => {
    const path = '/cosmos.staking.v1beta1.Query/Validators';
    for (const status of ['', 'BOND_STATUS_BONDED', 'BOND_STATUS_UNBONDED']) {
      for (const limit of [1n, 2n, 3n, 4n, 5n]) {
        let key: Uint8Array = new Uint8Array(0);
        for (let pages = 0; pages === 0 || key.length > 0; pages++) {
          const pagination = PageRequest.fromPartial({ key, limit, countTotal: true });
          const request = QueryValidatorsRequest.encode({ status, pagination }).finish();
          const [ours, theirs] = await Promise.all(
            [proven, direct].map((queries) => queries.queryAbci(path, request)),
          );
          const page = QueryValidatorsResponse.decode(theirs!.value);
          const got = QueryValidatorsResponse.decode(ours!.value);
          const isOpen = (got.pagination?.nextKey.length ?? 0) > 0;
          // Of a list that goes on, counting all would take a proof for each.
          if (isOpen) assert.equal(got.pagination?.total, 0n);
          else assert.deepEqual(ours!.value, theirs!.value, `${status} ${limit} ${pages}`);
          assert.deepEqual(got.validators, page.validators);
          key = page.pagination?.nextKey ?? new Uint8Array(0);
          assert.deepEqual(got.pagination?.nextKey ?? new Uint8Array(0), key);
        }
      }
    }
  });

  it('refuses the others, and says which', async () => {
    for (const [name, ask] of Object.entries(REFUSED)) {
      verifications.length = 0;
      await assert.rejects(ask(proven, known), UnprovenError, name);
      assert.deepEqual(verifications, [], name);
    }
  });
});

const shown = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value instanceof Error ? value.message : value;
