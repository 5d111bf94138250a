/** Prices that validators add to their votes become one price in the state: the whole way through a localnet. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinalizeBlockRequest } from '../chain/abci/types.ts';
import { compareResults } from '../cli/debug/compareResults.ts';
import { nodePaths } from '../localnet/index.ts';
import { concatBytes, fromBigEndian } from '../wire/bytes.ts';
import { CommittedExtensions, VoteExtension } from '../wire/gen/depin/abci/v1/vote_extension.ts';
import { ENABLED_AT, MAX_PRICE, PricesNetwork, priceAt } from './support/pricesNetwork.ts';
import { type TestAccount, TestChain } from './support/testChain.ts';

const TIMEOUT_MS = 10_000;
/** The first block whose transactions stand behind extensions. */
const FIRST_CARRIER = ENABLED_AT + 1n;

/** The price in each extension, undefined where there is none. */
const pricesOf = (extensions: readonly { extension: Uint8Array }[]) =>
  extensions.map(({ extension }) => {
    const [part] = VoteExtension.decode(extension).modules;
    return part && fromBigEndian(part.extension);
  });

describe('vote extensions in a localnet', () => {
  let accounts: readonly TestAccount[];
  let network: PricesNetwork;

  before(async () => {
    accounts = (await TestChain.start()).accounts;
  });
  beforeEach(async () => {
    network = await PricesNetwork.create(accounts);
  });
  afterEach(() => network.remove());

  it('brings what validators add into the state, from the enable height on', async () => {
    const localnet = await network.start([43n, 41n, 40n, 50n]);
    await localnet.waitForHeight(6n, TIMEOUT_MS);
    for (const app of network.apps) {
      assert.equal(await priceAt(app, FIRST_CARRIER - 1n), undefined);
      assert.deepEqual(await priceAt(app, FIRST_CARRIER), [41n, 4n]);
    }
    await network.stored((store) => {
      assert.equal(store.extensions(ENABLED_AT - 1n), undefined);
      assert.deepEqual(
        new Set(pricesOf(store.extensions(ENABLED_AT)!)),
        new Set([40n, 41n, 43n, 50n]),
      );
      assert.equal(store.block(ENABLED_AT)!.transactions.length, 0);
      assert.equal(store.block(FIRST_CARRIER)!.transactions.length, 1);
      const { txResults, events } = store.results(FIRST_CARRIER)!;
      assert.deepEqual([txResults[0]!.code, txResults[0]!.events], [0, []]);
      const priced = events.find(({ type }) => type === 'priced');
      assert.deepEqual(priced?.attributes.at(-1), {
        key: 'mode',
        value: 'BeginBlock',
        index: true,
      });
    });
  });

  it('leaves the transactions behind them as they are, also when they are traced', async () => {
    let found: (request: FinalizeBlockRequest) => void;
    const carrier = new Promise<FinalizeBlockRequest>((resolve) => {
      found = resolve;
    });
    const localnet = await network.start([43n, 41n, 40n, 50n], {
      onFinalize: (each) => each.txs.length === 2 && found(each),
    });
    await localnet.waitForHeight(FIRST_CARRIER, TIMEOUT_MS);
    const tx = await payment(accounts[0]!, accounts[1]!);
    assert.equal((await localnet.broadcast(tx)).code, 0);
    const request = await carrier;
    await localnet.waitForHeight(request.height, TIMEOUT_MS);
    const app = network.apps[0]!;
    const { result } = app.trace(request, 1);
    assert.equal(result.code, 0, result.log);
    assert.deepEqual(app.trace(request, 0).steps, []);
    await network.stored((store) => {
      assert.deepEqual(compareResults(store.results(request.height)!.txResults[1]!, result), []);
    });
  });

  it('goes on without a validator whose extension the others refuse', async () => {
    const localnet = await network.start([43n, 41n, 40n, MAX_PRICE + 1n]);
    await localnet.waitForHeight(7n, TIMEOUT_MS);
    for (const app of network.apps) assert.deepEqual(await priceAt(app, 6n), [41n, 3n]);
    await network.stored((store) => {
      const signed = (height: bigint) =>
        store.commit(height)!.signatures.filter(({ flag }) => flag === 2).length;
      assert.deepEqual([signed(ENABLED_AT - 1n), signed(ENABLED_AT), signed(6n)], [4, 3, 3]);
      assert.equal(
        pricesOf(store.extensions(6n)!).filter((price) => price !== undefined).length,
        3,
      );
    });
  });

  it('halts where too much power is refused, and says so', async () => {
    const localnet = await network.start([43n, 41n, MAX_PRICE + 1n, MAX_PRICE + 1n]);
    await assert.rejects(
      localnet.waitForHeight(ENABLED_AT, TIMEOUT_MS),
      /halted at height 3: the extensions of 2 of 4 precommits were refused/,
    );
  });

  it('votes for no proposal whose extensions are not those that were signed', async () => {
    const at = FIRST_CARRIER + 1n;
    const verdicts: [string, boolean][] = [];
    let earlier: readonly Uint8Array[] = [];
    const localnet = await network.start([43n, 41n, 40n, 50n], {
      async onProposal(app, request) {
        if (request.height === at - 1n) earlier = request.txs;
        if (request.height !== at) return;
        for (const [what, txs] of tamperings(request.txs, earlier)) {
          verdicts.push([what, (await app.processProposal({ ...request, txs })).accept]);
        }
      },
    });
    await localnet.waitForHeight(at, TIMEOUT_MS);
    assert.equal(verdicts.length, 9);
    for (const [what, accept] of verdicts) assert.equal(accept, what === 'as it is', what);
  });

  it('signs no second extension after a crash in the middle of a height', async () => {
    const at = 5n;
    const crashing = await network.start([43n, 41n, 40n, 50n], {
      onFinalize({ height }) {
        if (height === at) throw new Error('crash');
      },
    });
    await assert.rejects(crashing.waitForHeight(at, TIMEOUT_MS), /halted at height 5: crash/);
    await crashing.stop();
    const state = join(nodePaths(network.home, 3).data, 'priv_validator_state.json');
    assert.equal(JSON.parse(await readFile(state, 'utf8')).height, '5');
    const again = await network.start([143n, 141n, 140n, 150n]);
    await again.waitForHeight(at + 2n, TIMEOUT_MS);
    assert.deepEqual(await priceAt(network.apps[2]!, at + 1n), [41n, 4n]);
    assert.deepEqual(await priceAt(network.apps[2]!, at + 2n), [141n, 4n]);
    await network.stored((store) => {
      const prices = [at, at + 1n].map((height) =>
        pricesOf(store.extensions(height)!).includes(50n),
      );
      assert.deepEqual(prices, [true, false]);
    });
  });
});

/** The first transaction of an account: 5 udepin to another. */
function payment(from: TestAccount, to: TestAccount): Promise<Uint8Array> {
  const amount = [{ denom: 'udepin', amount: '5' }];
  const value = { fromAddress: from.address, toAddress: to.address, amount };
  return from.sign([{ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value }], { sequence: 0 });
}

/** The transactions of a block and what a dishonest proposer could make of them. */
function* tamperings(
  [first, ...rest]: readonly Uint8Array[],
  earlier: readonly Uint8Array[],
): Iterable<[string, readonly Uint8Array[]]> {
  const altered = (change: (votes: CommittedExtensions['votes']) => void): Uint8Array[] => {
    const message = CommittedExtensions.decode(first!);
    change(message.votes);
    return [CommittedExtensions.encode(message).finish(), ...rest];
  };
  const none = new Uint8Array(0);
  yield ['as it is', [first!, ...rest]];
  yield ['no extensions', rest];
  yield ['extensions twice', [first!, first!, ...rest]];
  yield ['those of the block before', [...earlier, ...rest]];
  yield [
    'a wrong signature',
    altered(([vote]) => (vote!.signature = vote!.signature.map((b) => b ^ 1))),
  ];
  yield ['another price', altered(([vote, other]) => (vote!.extension = other!.extension))];
  yield ['a vote left out', altered((votes) => (votes[2] = { extension: none, signature: none }))];
  yield ['another order', altered((votes) => votes.reverse())];
  yield ['a field more', [concatBytes(first!, Uint8Array.of(0x18, 1)), ...rest]];
}
