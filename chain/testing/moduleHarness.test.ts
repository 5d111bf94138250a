import assert from 'node:assert/strict';
import { fromBigEndian, toBigEndian } from '../../wire/bytes.ts';
import { defineModule, NO_GENESIS, NO_SERVICE } from '../module/defineModule.ts';
import { item } from '../state/collections.ts';
import { uint64Value } from '../state/values.ts';
import { ModuleHarness } from './moduleHarness.ts';

const MAX_PRICE = 1000n;

/** Validators add one more than the price in the state; the sum of what counts, weighed by power, is the next one. */
const prices = defineModule('prices', {
  msg: NO_SERVICE,
  messages: {},
  query: NO_SERVICE,
  queries: {},
  genesis: NO_GENESIS,
  state: { price: item(1, uint64Value), began: item(2, uint64Value) },
  extendVote: ({ state }) => toBigEndian((state.price.get() ?? 0n) + 1n, 2),
  verifyVoteExtension: (_, { extension }) =>
    extension.length === 2 && fromBigEndian(extension) <= MAX_PRICE,
  onVoteExtensions({ state, emitRaw }, votes) {
    let sum = 0n;
    for (const { extension, power } of votes) sum += fromBigEndian(extension) * power;
    state.price.set(sum);
    emitRaw('priced', { votes: `${votes.length}` });
  },
  beginBlock: ({ state }) => state.began.set(state.price.get() ?? 0n),
  views: ({ state }) => ({
    price: () => state.price.get(),
    began: () => state.began.get(),
  }),
});

/** Adds nothing to votes. */
const quiet = defineModule('quiet', {
  msg: NO_SERVICE,
  messages: {},
  query: NO_SERVICE,
  queries: {},
  genesis: NO_GENESIS,
});

const validator = (n: number): Uint8Array => new Uint8Array(20).fill(n);

describe('vote extensions in a module harness', () => {
  let chain: ModuleHarness;

  beforeEach(() => {
    chain = new ModuleHarness({ modules: [quiet, prices] });
  });

  it('are what the module adds, and come to it at the begin of the next block', () => {
    const vote = chain.vote(validator(1), 10n);
    assert.deepEqual(vote.extensions, { prices: Uint8Array.of(0, 1) });
    const silent = { validator: validator(2), power: 5n, extensions: {} };
    const empty = { ...silent, extensions: { prices: new Uint8Array(0) } };
    const other = { ...silent, extensions: { prices: Uint8Array.of(0, 3) } };
    chain.nextBlock(1, [vote, silent, empty, other]);
    assert.equal(chain.api(prices).price(), 10n + 15n);
    assert.equal(chain.api(prices).began(), 25n, 'before beginBlock');
    assert.deepEqual(chain.events.at(-1)!.attributes[0]!.value, '2');
    assert.deepEqual(chain.vote(validator(1), 1n).extensions.prices, Uint8Array.of(0, 26));
  });

  it('are judged by the module, but brought to it all the same', () => {
    const at = (price: bigint) => ({ validator: validator(3), extension: toBigEndian(price, 2) });
    assert.equal(chain.accepts(prices, at(MAX_PRICE)), true);
    assert.equal(chain.accepts(prices, at(MAX_PRICE + 1n)), false);
    assert.equal(chain.accepts(prices, { ...at(1n), extension: Uint8Array.of(1) }), false);
    assert.equal(chain.accepts(prices, { ...at(1n), extension: new Uint8Array(0) }), true);
    assert.equal(chain.accepts(quiet, at(1n)), false);
    const extensions = { prices: toBigEndian(MAX_PRICE + 1n, 2) };
    chain.nextBlock(1, [{ validator: validator(3), power: 1n, extensions }]);
    assert.equal(chain.api(prices).price(), MAX_PRICE + 1n);
  });

  it('are none without votes, and none of a module that adds nothing', () => {
    chain.nextBlock();
    assert.equal(chain.api(prices).price(), undefined);
    chain.nextBlock(1, []);
    assert.equal(chain.api(prices).price(), 0n);
    const extensions = { quiet: Uint8Array.of(1) };
    assert.throws(() => chain.nextBlock(1, [{ validator: validator(1), power: 1n, extensions }]), {
      name: 'TypeError',
      message: 'votes[0].extensions.quiet: no such module adds to votes',
    });
  });
});
