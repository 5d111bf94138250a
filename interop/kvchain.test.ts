/**
 * The light client on running CometBFT 0.38 and 1.x validators that depind has no part in: powers very different, a
 * validator that stops for a while, one that votes nil, and others in the place of them all. It has to trust the very
 * headers that CometBFT's own light client trusts. Needs Go.
 */
import assert from 'node:assert/strict';
import { connectComet } from '@cosmjs/tendermint-rpc';
import { serveProxy } from '../cli/light/proxy/serve.ts';
import { connectVerified } from '../lightclient/cosmjs/index.ts';
import {
  DivergenceError,
  evidenceToJson,
  HttpProvider,
  LightClient,
  type LightClientOptions,
} from '../lightclient/index.ts';
import { silentLogger } from '../localnet/index.ts';
import { fromHex, fromUtf8, toBase64, toHex } from '../wire/bytes.ts';
import { hashHeader } from '../wire/header.ts';
import { BLOCK_ID_FLAG, type SignedHeader } from '../wire/types.ts';
import { COURSES, type CourseName, hasGo, type RunningKvChain, startKvChain } from './kvchain.ts';
import { ATTACKS, AttackingNode, forge, type ServedBlock, untilTaken } from './kvchainAttack.ts';

const PERIOD = 3_600n * 1_000_000_000n;

const VERSIONS = [
  { version: '0.38', module: '.', paths: [''], spelling: 'CamelCase' },
  { version: '1.x', module: 'comet1', paths: ['', '/v1'], spelling: 'snake_case' },
] as const;

/** All chains live at the same time: most of it is waiting. */
let starting: readonly Promise<RunningKvChain>[] = [];

/** Also of those whose tests do not run. */
after('stops the chains', async () => {
  const started = await Promise.allSettled(starting);
  await Promise.all(started.map((one) => one.status === 'fulfilled' && one.value.stop()));
});

for (const [index, { version, paths, spelling }] of VERSIONS.entries()) {
  describe(`the light client on CometBFT ${version} validators`, function () {
    this.timeout(5 * 60_000);
    let running: RunningKvChain;
    let hashes: readonly string[];
    let headers: SignedHeader[];

    before('starts the chain', async function () {
      if (!(await hasGo())) {
        console.log('      left out: there is no Go here');
        this.skip();
      }
      if (starting.length === 0) starting = VERSIONS.map(({ module }) => startKvChain(module));
      running = await starting[index]!;
      hashes = running.chain.trusted.sequential;
    });

    const nodes = (path: string = '') =>
      running.chain.rpcs.map(
        (rpc) => new HttpProvider({ url: `${rpc}${path}`, chainId: running.chain.chainId }),
      ) as [HttpProvider, HttpProvider];

    const trustAt = (height: number) => ({
      height: BigInt(height),
      hash: fromHex(hashes[height - 1]!),
      period: PERIOD,
    });

    async function open(change: Partial<LightClientOptions> = {}, path?: string) {
      const [primary, witness] = nodes(path);
      const { chainId } = running.chain;
      const options = { chainId, primary, witnesses: [witness], trust: trustAt(1) };
      return LightClient.create({ ...options, ...change });
    }

    /** As CometBFT's light client went, by the same heights in the same order. */
    async function follow(course: CourseName, path: string): Promise<string[]> {
      const top = hashes.length;
      const change = {
        sequential: { sequential: true },
        skipping: {},
        backward: { trust: trustAt(top) },
      }[course];
      const up = hashes.map((_, index) => index + 1);
      const client = await open(change, path);
      if (course === 'skipping') await client.verifyToHeight(BigInt(top));
      const got: [number, string][] = [];
      for (const height of course === 'backward' ? up.toReversed() : up) {
        const block = await client.verifyToHeight(BigInt(height));
        if (course === 'sequential') await client.checkEveryVote(block);
        got.push([height, toHex(hashHeader(block.signedHeader.header)).toUpperCase()]);
      }
      assert.deepEqual((await client.status()).removed, []);
      return got.sort(([one], [other]) => one - other).map(([, hash]) => hash);
    }

    it('has absent and nil votes, later rounds, powers far apart, and others for all', async () => {
      const { stopped, turnover } = running.chain;
      const [node] = nodes();
      headers = await Promise.all(hashes.map((_, index) => node.signedHeader(BigInt(index + 1))));
      const flagsAt = (height: number) =>
        headers[height - 1]!.commit.signatures.map(({ flag }) => flag);
      for (let height = stopped[0]; height < stopped[1]; height++) {
        assert.ok(flagsAt(height).includes(BLOCK_ID_FLAG.absent), `height ${height}`);
      }
      assert.ok(headers.some((_, index) => flagsAt(index + 1).includes(BLOCK_ID_FLAG.nil)));
      assert.ok(headers.some(({ commit }) => commit.round > 0));
      const [old, later] = await Promise.all(
        turnover.map((height) => node.validators(BigInt(height))),
      );
      const powers = [old!, later!].map((set) => set.map(({ votingPower }) => votingPower));
      assert.deepEqual(powers, [
        [1000n, 900n, 800n, 7n],
        [7_000_000n, 5_000_000n, 41n, 3n],
      ]);
      const addresses = new Set([...old!, ...later!].map(({ address }) => toHex(address)));
      assert.equal(addresses.size, 8);
      assert.deepEqual(
        new Set(later!.map(({ publicKey }) => publicKey.type)),
        new Set(['ed25519', 'secp256k1']),
      );
    });

    for (const path of paths) {
      for (const course of COURSES) {
        it(`trusts what CometBFT's light client trusts, ${course}, on ${path || '/'}`, async () => {
          assert.deepEqual(running.chain.trusted[course], hashes);
          assert.deepEqual(await follow(course, path), hashes);
        });
      }
    }

    it('skips where the validators are the same, and goes step by step where all change', async () => {
      const { turnover } = running.chain;
      const client = await open();
      await client.verifyToHeight(BigInt(turnover[0]));
      assert.equal((await client.status()).headersFetched, 2);
      await client.verifyToHeight(BigInt(hashes.length));
      const { headersFetched } = await client.status();
      assert.ok(headersFetched > 3 && headersFetched < hashes.length, `${headersFetched}`);
    });

    it('proves transactions and their results', async () => {
      const client = await open();
      for (const { hash, height, text } of running.chain.txs) {
        const proven = await client.verifyTx(fromHex(hash));
        assert.deepEqual(
          [proven.height, fromUtf8(proven.transaction), proven.result?.code],
          [BigInt(height), text, 0],
        );
      }
    });

    it('follows the newest block, as CosmJS reads it', async () => {
      const { rpcs, chainId, txs, turnover } = running.chain;
      const [primary, witness] = rpcs;
      const comet = await connectVerified({
        chainId,
        primary,
        witnesses: [witness],
        trust: trustAt(1),
        unproven: 'refuse',
      });
      const plain = await connectComet(primary);
      assert.ok((await comet.status()).syncInfo.latestBlockHeight > hashes.length);
      for (const height of [1, txs[0]!.height, ...turnover]) {
        assert.deepEqual(await comet.block(height), await plain.block(height));
        assert.deepEqual(await comet.commit(height), await plain.commit(height));
        assert.deepEqual(
          (await comet.validatorsAll(height)).validators.map(({ address }) => address),
          (await plain.validatorsAll(height)).validators.map(({ address }) => address),
        );
      }
      const hash = fromHex(txs[0]!.hash);
      const [own, other] = [await comet.tx({ hash }), await plain.tx({ hash })];
      assert.deepEqual([own.height, own.index, own.tx], [other.height, other.index, other.tx]);
      comet.disconnect();
      plain.disconnect();
    });

    it('serves what the node serves, verified', async () => {
      const { txs, turnover } = running.chain;
      const errors: unknown[] = [];
      const [node] = nodes();
      const proxy = await serveProxy({
        client: await open(),
        listen: { host: '127.0.0.1', port: 0 },
        unproven: 'mark',
        logger: silentLogger,
        onError: (error) => void errors.push(error),
      });
      const verified = new HttpProvider({ url: proxy.url, chainId: running.chain.chainId });
      try {
        const [{ hash }] = txs as [(typeof txs)[0]];
        const at = { height: `${turnover[1]}` };
        const asked: [string, Record<string, unknown>][] = [
          ['block', at],
          ['header', at],
          ['commit', at],
          ['block_by_hash', { hash: toBase64(fromHex(hashes[turnover[1] - 1]!)) }],
          ['blockchain', { minHeight: '2', maxHeight: '4' }],
          ['tx', { hash: toBase64(fromHex(hash)), prove: true }],
          ['block_results', at],
          ['consensus_params', at],
          ['validators', at],
        ];
        for (const [method, params] of asked) {
          const [own, other] = await Promise.all(
            // The newest height of the answer of `blockchain` goes on meanwhile.
            [verified, node].map(async (of) => ({
              ...((await of.call(method, params)) as object),
              last_height: undefined,
            })),
          );
          assert.deepEqual(own, other, method);
        }
      } finally {
        await proxy.close();
      }
      assert.deepEqual(errors, []);
    });

    for (const kind of ['lunatic', 'equivocation'] as const) {
      it(`accuses the validators of ${kind}, and the chain takes it into a block`, async () => {
        const [node, witness] = nodes();
        const height = headers.findIndex(({ commit }, at) => at > 2 && commit.round === 0) + 1;
        const forged = await forge(node, BigInt(height), ATTACKS[kind]);
        const primary = new AttackingNode(node, forged);
        const client = await open({ primary, witnesses: [witness], trust: trustAt(2) });
        const before = (await node.status()).latestHeight;
        const error: unknown = await client.verifyToHeight(BigInt(height)).catch((one) => one);
        assert.ok(error instanceof DivergenceError, String(error));
        assert.deepEqual(
          error.accusations.map((one) => [one.kind, one.toldTo, one.refusal]),
          [
            [kind, 'witness 1', undefined],
            [kind, 'primary', undefined],
          ],
        );
        const [{ evidence }] = error.accusations as [(typeof error.accusations)[0]];
        const taken = await untilTaken(await open(), before);
        assert.deepEqual(
          [taken.evidence.length, taken.evidence[0]],
          [1, evidenceToJson(evidence, spelling)],
        );
        const served = (await node.call('block', { height: taken.height })) as ServedBlock;
        assert.deepEqual(taken.block, served.block);
      });
    }
  });
}
