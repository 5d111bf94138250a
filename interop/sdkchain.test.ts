/**
 * The verified CosmJS client on a chain that depind has no part in: a Cosmos SDK 0.50 application on CometBFT
 * validators, in Go. Whatever CosmJS reads from that node unverified must come out the same with proofs.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import {
  coins,
  QueryClient,
  SigningStargateClient,
  StargateClient,
  setupBankExtension,
  setupStakingExtension,
} from '@cosmjs/stargate';
import { Comet38Client } from '@cosmjs/tendermint-rpc';
import { connectVerified, type VerifiedCometClient } from '../lightclient/cosmjs/index.ts';
import { HttpProvider } from '../lightclient/index.ts';
import { VerifiedRpc } from '../lightclient/rpc/index.ts';
import { toBase64 } from '../wire/bytes.ts';
import { hashHeader } from '../wire/header.ts';

const run = promisify(execFile);
const INTEROP = dirname(fileURLToPath(import.meta.url));
const BIN = join(INTEROP, 'bin');
const PERIOD = 3_600n * 1_000_000_000n;

/** What the Go program prints once its chain runs. */
interface Chain {
  readonly chainId: string;
  readonly rpc: string;
  readonly accounts: readonly string[];
  readonly validators: readonly string[];
  readonly denom: string;
  readonly mnemonic: string;
}

describe('connectVerified on a Cosmos SDK chain', function () {
  this.timeout(10 * 60_000);
  let child: ChildProcess;
  let chain: Chain;
  let url: string;
  let comet: VerifiedCometClient;
  let plain: Comet38Client;

  before('starts the chain', async () => {
    await mkdir(BIN, { recursive: true });
    await run('go', ['build', '-o', `${BIN}/`, './sdkchain'], { cwd: INTEROP });
    child = spawn(join(BIN, 'sdkchain'), [], { stdio: ['pipe', 'pipe', 'inherit'] });
    chain = await new Promise<Chain>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the chain ended with ${code}`)));
      createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line)));
    });
    url = chain.rpc.replace('tcp://0.0.0.0', 'http://127.0.0.1');
    const { chainId } = chain;
    const { header } = await new HttpProvider({ url, chainId }).signedHeader(1n);
    comet = await connectVerified({
      chainId,
      primary: url,
      witnesses: [url],
      trust: { height: 1n, hash: hashHeader(header), period: PERIOD },
      unproven: 'refuse',
    });
    plain = await Comet38Client.connect(url);
  });

  after(() => {
    comet?.disconnect();
    plain?.disconnect();
    child?.stdin?.end();
  });

  it('proves accounts and balances', async () => {
    const [verified, direct] = [
      await StargateClient.create(comet),
      await StargateClient.create(plain),
    ];
    for (const address of chain.accounts) {
      assert.deepEqual(await verified.getAccount(address), await direct.getAccount(address));
      assert.deepEqual(
        await verified.getAllBalances(address),
        await direct.getAllBalances(address),
      );
      assert.ok(BigInt((await verified.getBalance(address, chain.denom)).amount) > 0n);
    }
    assert.equal(await verified.getChainId(), chain.chainId);
  });

  it('proves the supply, validators, delegations and parameters', async () => {
    const [own, other] = [comet, plain].map((client) =>
      QueryClient.withExtensions(client, setupBankExtension, setupStakingExtension),
    ) as [QueryWithExtensions, QueryWithExtensions];
    assert.deepEqual(await own.bank.supplyOf(chain.denom), await other.bank.supplyOf(chain.denom));
    const { validators } = await own.staking.validators('BOND_STATUS_BONDED');
    assert.deepEqual(validators, (await other.staking.validators('BOND_STATUS_BONDED')).validators);
    assert.equal(validators.length, 2);
    assert.deepEqual(await own.staking.params(), await other.staking.params());
    assert.deepEqual(await own.staking.pool(), await other.staking.pool());
    for (const [index, delegator] of chain.accounts.entries()) {
      const validator = chain.validators[index]!;
      assert.deepEqual(
        await own.staking.delegation(delegator, validator),
        await other.staking.delegation(delegator, validator),
      );
    }
  });

  it('lists keys with empty values, and blames no node that cannot prove one alone', async () => {
    const { lightClient } = comet;
    const start = Uint8Array.of(0x71);
    // Delegations by validator: nothing stands under such a key (x/staking, DelegationByValIndexKey).
    const range = { store: 'staking', start, end: Uint8Array.of(0x72) };
    const { entries } = await lightClient.getVerifiedRange(range);
    assert.equal(entries.length, chain.validators.length);
    assert.ok(entries.every(([, value]) => value.length === 0));
    const [key] = entries[0]!;
    await assert.rejects(lightClient.getVerified('staking', key), /emptyValue: got an empty value/);
    assert.deepEqual((await lightClient.status()).removed, []);
  });

  it('finds no block by an unknown hash, and blames no node for that', async () => {
    const unknown = new VerifiedRpc({ client: comet.lightClient, unproven: 'refuse' });
    const hash = toBase64(new Uint8Array(32).fill(7));
    await assert.rejects(unknown.call('block_by_hash', { hash }), /no block has the hash 0707/);
    assert.deepEqual((await comet.lightClient.status()).removed, []);
  });

  it('proves blocks, commits, validators and results', async () => {
    assert.deepEqual(await comet.block(2), await plain.block(2));
    assert.deepEqual(await comet.commit(2), await plain.commit(2));
    const { blockMetas } = await comet.blockchain(1, 2);
    assert.deepEqual(blockMetas, (await plain.blockchain(1, 2)).blockMetas);
    assert.deepEqual((await comet.blockResults(2)).results, (await plain.blockResults(2)).results);
  });

  it('sends and finds a transaction, and the balance that it leaves', async () => {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(chain.mnemonic, { prefix: 'cosmos' });
    const from = (await wallet.getAccounts())[0]!.address;
    const client = await SigningStargateClient.createWithSigner(comet, wallet, {
      broadcastPollIntervalMs: 100,
    });
    const to = chain.accounts.find((account) => account !== from)!;
    const before = BigInt((await client.getBalance(to, chain.denom)).amount);
    const fee = { amount: coins(5_000, chain.denom), gas: '200000' };
    const sent = await client.sendTokens(from, to, coins(77, chain.denom), fee);
    assert.equal(sent.code, 0);
    const after = BigInt((await client.getBalance(to, chain.denom)).amount);
    assert.equal(after - before, 77n);
    const direct = await (await StargateClient.create(plain)).getTx(sent.transactionHash);
    assert.deepEqual([direct?.height, direct?.gasUsed], [sent.height, sent.gasUsed]);
  });
});

type QueryWithExtensions = QueryClient &
  ReturnType<typeof setupBankExtension> &
  ReturnType<typeof setupStakingExtension>;
