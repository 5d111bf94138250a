import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { equalBlockIds } from '../wire/blockId.ts';
import { equalBytes, toBase64, toHex, toUtf8 } from '../wire/bytes.ts';
import { hashCommit } from '../wire/commit.ts';
import { hashHeader } from '../wire/header.ts';
import { hashConsensusParams, hashResults } from '../wire/results.ts';
import { hashValidatorSet } from '../wire/validatorSet.ts';
import { commitVoteSignBytes, voteExtensionSignBytes } from '../wire/vote.ts';
import { verifyEd25519 } from './consensus/ed25519.ts';
import { readValidatorKeys } from './init.ts';
import type { Localnet } from './localnet.ts';
import { BlockStore } from './node/blockStore.ts';
import { openDatabase } from './node/database.ts';
import type { ReplayProgress } from './node/handshake.ts';
import { makeTestNetwork, type TestNetwork } from './testing/network.ts';

const TIMEOUT_MS = 5000;
const dbPath = (home: string) => join(home, 'node0', 'data', 'blockstore.db');

/** Reads what a stopped localnet stored. */
async function withStore<T>(home: string, read: (store: BlockStore) => T | Promise<T>): Promise<T> {
  const store = new BlockStore(await openDatabase(dbPath(home)));
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

async function send(localnet: Localnet, text: string): Promise<bigint> {
  const { code, log } = await localnet.broadcast(toUtf8(text));
  assert.equal(code, 0, log);
  return new Promise((resolve) => {
    const leave = localnet.on('block', ({ txs, height }) => {
      if (!txs.some((tx) => equalBytes(tx, toUtf8(text)))) return;
      leave();
      resolve(height);
    });
  });
}

/** Checks every stored block as a full node would: hashes, links, times and every signature. */
function verifyChain(store: BlockStore): void {
  for (let height = store.base; height <= store.height; height++) {
    const { header, lastCommit } = store.block(height)!;
    const commit = store.commit(height)!;
    const validators = store.validators(height)!.validators;
    const { blockId } = store.meta(height)!;
    assert.deepEqual(hashHeader(header), blockId.hash, `hash of ${height}`);
    assert.ok(equalBlockIds(commit.blockId, blockId));
    assert.deepEqual(hashValidatorSet(validators), header.validatorsHash);
    assert.deepEqual(
      hashValidatorSet(store.validators(height + 1n)!.validators),
      header.nextValidatorsHash,
    );
    assert.deepEqual(hashConsensusParams(store.params(height)!), header.consensusHash);
    assert.deepEqual(store.validators(height)!.proposer.address, header.proposerAddress);
    assert.deepEqual(hashCommit(lastCommit), header.lastCommitHash);
    for (const [index, { signature, validatorAddress }] of commit.signatures.entries()) {
      if (signature.length === 0) continue;
      assert.deepEqual(validatorAddress, validators[index]!.address);
      const signBytes = commitVoteSignBytes(header.chainId, commit, index);
      assert.ok(verifyEd25519(validators[index]!.publicKey.bytes, signBytes, signature));
    }
    if (height === store.base) continue;
    const before = store.meta(height - 1n)!;
    assert.ok(equalBlockIds(header.lastBlockId, before.blockId));
    assert.deepEqual(lastCommit, store.commit(height - 1n));
    assert.ok(header.time > before.header.time, `time of ${height}`);
    const results = store.results(height - 1n)!;
    assert.deepEqual(header.appHash, results.appHash);
    assert.deepEqual(header.lastResultsHash, hashResults(results.txResults));
  }
}

describe('a localnet', () => {
  let network: TestNetwork;
  beforeEach(async () => {
    network = await makeTestNetwork();
  });
  afterEach(() => network.remove());

  it('makes blocks that verify, with every signature, from genesis time on', async () => {
    const localnet = await network.start();
    const first = await localnet.waitForHeight(1n, TIMEOUT_MS);
    assert.equal(first.time, network.genesis.genesisTime);
    await send(localnet, 'a=1');
    await localnet.waitForHeight(8n, TIMEOUT_MS);
    await localnet.stop();
    await withStore(network.home, (store) => {
      verifyChain(store);
      for (let height = 1n; height <= store.height; height++) {
        const { signatures } = store.commit(height)!;
        assert.equal(signatures.filter(({ flag }) => flag === 2).length, 4);
      }
      const proposers = [1n, 2n, 3n, 4n].map((h) => toHex(store.meta(h)!.header.proposerAddress));
      assert.equal(new Set(proposers).size, 4, 'equal powers take turns');
    });
  });

  it('goes on after a restart with the same AppHash', async () => {
    const localnet = await network.start();
    await send(localnet, 'a=1');
    await localnet.stop();
    const height = await withStore(network.home, (store) => store.height);
    const again = await network.start();
    await again.waitForHeight(height + 3n, TIMEOUT_MS);
    await again.stop();
    await withStore(network.home, verifyChain);
  });

  it('brings an application that fell behind, or lost everything, up by replay', async () => {
    const localnet = await network.start();
    await send(localnet, 'a=1');
    await localnet.stop();
    const old = await readFile(network.applicationPath(1));
    const second = await network.start();
    const height = await send(second, 'b=2');
    await second.stop();
    await writeFile(network.applicationPath(1), old);
    await rm(network.applicationPath(2));
    const replayed: ReplayProgress[] = [];
    const third = await network.start({ onReplay: (progress) => replayed.push(progress) });
    await third.waitForHeight(height + 2n, TIMEOUT_MS);
    const { last } = replayed[0]!;
    const lost = replayed.filter(({ name }) => name.startsWith('validator 2 '));
    assert.deepEqual(
      lost.map((progress) => progress.height),
      Array.from({ length: Number(last) }, (_, index) => BigInt(index + 1)),
    );
    assert.ok(last >= height && replayed.length > lost.length, 'the one that fell behind too');
    await third.stop();
    const files = await Promise.all(
      [0, 1, 2, 3].map((i) => readFile(network.applicationPath(i), 'utf8')),
    );
    assert.equal(new Set(files).size, 1);
  });

  it('refuses an application that is ahead of the block store', async () => {
    const localnet = await network.start();
    await localnet.waitForHeight(2n, TIMEOUT_MS);
    await localnet.stop();
    await rm(dbPath(network.home), { recursive: true });
    await assert.rejects(
      network.start(),
      /application of validator 0 .* is at height \d+, ahead of the block store at 0/,
    );
  });

  it('votes for the very same block after a crash between signing and storing', async () => {
    // The crash: height 3 is proposed and signed by all, but finalizing it fails before anything is stored.
    const crashing = await network.start({ faults: { 1: { divergesAt: 3n } } });
    await assert.rejects(crashing.waitForHeight(3n, TIMEOUT_MS), /halted at height 3/);
    await crashing.stop();
    const proposed = await withStore(network.home, (store) => {
      assert.equal(store.height, 2n);
      return store.proposal(3n)!;
    });
    const state = join(network.home, 'node0', 'data', 'priv_validator_state.json');
    const signed = JSON.parse(await readFile(state, 'utf8'));
    assert.deepEqual([signed.height, signed.step], ['3', 3]);
    const localnet = await network.start();
    await localnet.waitForHeight(4n, TIMEOUT_MS);
    await localnet.stop();
    await withStore(network.home, (store) => {
      assert.deepEqual(store.block(3n), proposed);
      const signatures = store.commit(3n)!.signatures.map(({ signature }) => toBase64(signature));
      assert.ok(signatures.includes(signed.signature));
      verifyChain(store);
    });
  });

  it('signs empty extensions for an application that adds none', async () => {
    const consensusParams = {
      ...network.genesis.consensusParams,
      abci: { voteExtensionsEnableHeight: 2n },
    };
    const localnet = await network.start({ genesis: { ...network.genesis, consensusParams } });
    await localnet.waitForHeight(4n, TIMEOUT_MS);
    await localnet.stop();
    await withStore(network.home, (store) => {
      verifyChain(store);
      assert.equal(store.extensions(1n), undefined);
      for (const [index, { extension, signature }] of store.extensions(3n)!.entries()) {
        const { bytes } = store.validators(3n)!.validators[index]!.publicKey;
        const fields = { height: 3n, round: 0, extension };
        assert.equal(extension.length, 0);
        const signBytes = voteExtensionSignBytes(network.genesis.chainId, fields);
        assert.ok(verifyEd25519(bytes, signBytes, signature));
      }
    });
  });

  for (const [name, alter] of [
    ['is missing', (path: string) => rm(path)],
    ['is an older copy', (path: string, older: string) => writeFile(path, older)],
  ] as const) {
    it(`refuses to start when what a validator signed ${name}`, async () => {
      const path = join(network.home, 'node2', 'data', 'priv_validator_state.json');
      const first = await network.start();
      await first.waitForHeight(2n, TIMEOUT_MS);
      await first.stop();
      const older = await readFile(path, 'utf8');
      const second = await network.start();
      await second.waitForHeight(second.height() + 2n, TIMEOUT_MS);
      await second.stop();
      const newest = await readFile(path, 'utf8');
      await alter(path, older);
      const message =
        /validator 2 .*priv_validator_state\.json is missing or an older copy: .* Put its newest/;
      await assert.rejects(network.start(), message);
      await writeFile(path, newest);
      const third = await network.start();
      await third.waitForHeight(third.height() + 1n, TIMEOUT_MS);
    });
  }

  it('names a record of the block store that was altered, and what to do', async () => {
    const localnet = await network.start();
    await localnet.waitForHeight(2n, TIMEOUT_MS);
    await localnet.stop();
    const database = await openDatabase(dbPath(network.home));
    const record = Buffer.from((await database.get('state'))!);
    record.writeUInt8(record.readUInt8(20) ^ 4, 20);
    await database.put('state', record);
    await database.close();
    const message = /block store: record state is damaged: .* checksum; put back a copy/;
    await assert.rejects(network.start(), { name: 'DamagedRecordError', message });
  });

  it('halts when one application comes to another hash, naming height, validator and hashes', async () => {
    const localnet = await network.start({ faults: { 2: { divergesAt: 4n } } });
    await assert.rejects(
      localnet.waitForHeight(6n, TIMEOUT_MS),
      /halted at height 4: validator 2 \([0-9A-F]{40}\) comes to AppHash [0-9A-F]{64}, validator 0 \([0-9A-F]{40}\) to [0-9A-F]{64}/,
    );
    assert.equal(localnet.height(), 3n);
    assert.match(String(localnet.haltError), /HaltError/);
    const status = await fetch(`${localnet.rpcUrl}/health`);
    assert.equal(status.status, 200, 'the RPC goes on');
    await assert.rejects(localnet.broadcast(toUtf8('a=1')), /halted at height 4/);
  });

  it('halts when an application refuses the proposal', async () => {
    const localnet = await network.start({ faults: { 3: { refusesProposals: true } } });
    await assert.rejects(
      localnet.waitForHeight(1n, TIMEOUT_MS),
      /height 1: the application of validator 3 .* refuses block/,
    );
  });

  it('makes no empty blocks when told so, but one to prove the AppHash', async () => {
    const localnet = await network.start({ createEmptyBlocks: false, blockIntervalMs: 0 });
    const height = await send(localnet, 'a=1');
    await localnet.waitForHeight(height + 1n, TIMEOUT_MS);
    assert.equal((await localnet.waitForHeight(height + 1n, TIMEOUT_MS)).txs.length, 0);
  });

  it('changes parameters at the next height and forgets blocks below the retain height', async () => {
    const localnet = await network.start();
    const height = await send(localnet, 'params:maxGas=777');
    const pruned = await send(localnet, `retain=${height}`);
    await localnet.waitForHeight(pruned + 2n, TIMEOUT_MS);
    await localnet.stop();
    await withStore(network.home, async (store) => {
      assert.equal(store.params(height)!.block.maxGas, -1n);
      assert.equal(store.params(height + 1n)!.block.maxGas, 777n);
      assert.equal(store.base, height);
      assert.equal(store.block(height - 1n), undefined);
      assert.ok(store.block(height));
      verifyChain(store);
    });
  });

  it('starts at the initial height of genesis', async () => {
    const genesis = { ...network.genesis, initialHeight: 50n };
    const localnet = await network.start({ genesis });
    const block = await localnet.waitForHeight(52n, TIMEOUT_MS);
    assert.equal(block.height, 52n);
    await localnet.stop();
    await withStore(network.home, verifyChain);
  });

  it('serves an RPC of every node when asked: each names itself and answers from its own application', async () => {
    const localnet = await network.start({ rpcOfEveryNode: true });
    const { height } = await localnet.waitForHeight(2n, TIMEOUT_MS);
    const urls = [localnet.rpcUrl, ...localnet.otherRpcUrls];
    const ask = async (url: string, method: string) => {
      const answer = (await (await fetch(`${url}/${method}`)).json()) as { result: never };
      return answer.result as unknown;
    };
    const monikers: string[] = [];
    const hashes = new Set<string>();
    for (const url of urls) {
      const status = (await ask(url, 'status')) as { node_info: { moniker: string } };
      monikers.push(status.node_info.moniker);
      hashes.add(JSON.stringify(await ask(url, `commit?height=${height - 1n}`)));
      const query = (await ask(url, 'abci_info')) as { response: { last_block_height: string } };
      assert.ok(BigInt(query.response.last_block_height) >= height, url);
    }
    assert.deepEqual(monikers, ['node0', 'node1', 'node2', 'node3']);
    assert.equal(hashes.size, 1);
    await localnet.stop();
    for (const url of urls) await assert.rejects(fetch(`${url}/health`), url);
  });

  it('names a port in use, another genesis, a future genesis and a home that cannot be written', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await assert.rejects(
      network.start({ rpc: { host: '127.0.0.1', port } }),
      new RegExp(`RPC port ${port} is in use`),
    );
    server.close();
    const localnet = await network.start();
    await localnet.waitForHeight(1n, TIMEOUT_MS);
    await assert.rejects(
      network.start(),
      /blockstore\.db cannot be used: .*another process holds it/,
    );
    await localnet.stop();
    const other = { ...network.genesis, appState: '{"first":"other"}' };
    await assert.rejects(
      network.start({ genesis: other }),
      /genesis: expected the file that this chain was started from/,
    );
    const future = { ...network.genesis, genesisTime: network.genesis.genesisTime * 2n };
    await assert.rejects(
      network.start({ genesis: future }),
      /genesis_time: expected a time before now/,
    );
    const file = join(network.home, 'file');
    await writeFile(file, '');
    const validators = await readValidatorKeys(network.home);
    await assert.rejects(
      network.start({ home: file, validators }),
      /file\/node0\/data is not a folder/,
    );
  });
});

describe('validators that come and go', () => {
  let network: TestNetwork;
  beforeEach(async () => {
    network = await makeTestNetwork([10n, 10n, 10n], 4);
  });
  afterEach(() => network.remove());

  it('join, change power and leave two heights after the update', async () => {
    const localnet = await network.start();
    const keys = await readValidatorKeys(network.home);
    const text = (index: number, power: number) =>
      `power:${toBase64(keys[index]!.validator.publicKey).replace('=', '')}=${power}`;
    const joined = await send(localnet, text(3, 25));
    const left = await send(localnet, text(0, 0));
    await localnet.waitForHeight(left + 6n, TIMEOUT_MS);
    await localnet.stop();
    await withStore(network.home, (store) => {
      const powers = (height: bigint) =>
        store.validators(height)!.validators.map((v) => v.votingPower);
      assert.deepEqual(powers(joined + 1n), [10n, 10n, 10n]);
      assert.deepEqual(powers(joined + 2n), [25n, 10n, 10n, 10n]);
      assert.deepEqual(powers(left + 1n), [25n, 10n, 10n, 10n]);
      assert.deepEqual(powers(left + 2n), [25n, 10n, 10n]);
      verifyChain(store);
    });
  });

  it('halt the chain when too little power has its keys here', async () => {
    const localnet = await network.start();
    const stranger = toBase64(new Uint8Array(32).fill(9)).replace('=', '');
    const height = await send(localnet, `power:${stranger}=1000`);
    await assert.rejects(
      localnet.waitForHeight(height + 4n, TIMEOUT_MS),
      new RegExp(
        `halted at height ${height + 2n}: (the proposer [0-9A-F]{40} has no key|validators with power 30 of 1030)`,
      ),
    );
  });
});
