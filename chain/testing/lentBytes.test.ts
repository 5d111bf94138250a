import assert from 'node:assert/strict';
import { formatAddress } from '../../wire/address.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { textKey } from '../../wire/keys.ts';
import type { Addresses } from '../module/addresses.ts';
import { defineModule, NO_GENESIS, NO_SERVICE } from '../module/defineModule.ts';
import { type Item, item, type MapOf, map } from '../state/collections.ts';
import { bytesValue } from '../state/values.ts';
import { ModuleHarness } from './moduleHarness.ts';

interface Context {
  readonly addresses: Addresses;
  readonly state: {
    readonly raw: MapOf<string, Uint8Array, unknown>;
    readonly key: Item<PubKey>;
  };
}

const ALICE = formatAddress('depin', new Uint8Array(20).fill(7));

/** A chain whose blocks end with this, on a state of two values. */
function chainThat(endBlock: (context: Context) => void): ModuleHarness {
  const module = defineModule('careless', {
    msg: NO_SERVICE,
    messages: {},
    query: NO_SERVICE,
    queries: {},
    state: { raw: map(1, textKey, bytesValue), key: item(2, PubKey) },
    genesis: {
      type: NO_GENESIS.type,
      default: {},
      init({ state }) {
        state.raw.set('a', Uint8Array.of(1, 2));
        state.key.set({ key: new Uint8Array(33) });
      },
      export: NO_GENESIS.export,
    },
    endBlock: (context) => endBlock(context),
  });
  return new ModuleHarness({ modules: [module] });
}

describe('bytes that the engine lends', () => {
  for (const [what, endBlock, words] of [
    ['an address', ({ addresses }) => addresses.parse(ALICE, 'x').fill(0), /^address depin1/],
    ['a value', ({ state }) => state.raw.must('a').reverse(), /^a value of the store careless/],
    [
      'a bytes field',
      ({ state }) => state.key.must().key.fill(9),
      /^a value of the store careless/,
    ],
    [
      'what a walk gives',
      ({ state }) => {
        for (const [, bytes] of state.raw.entries()) bytes.fill(0);
      },
      /^a value of the store careless/,
    ],
    [
      'what was stored',
      ({ state }) => {
        const value = Uint8Array.of(5);
        state.raw.set('b', value);
        value.fill(6);
      },
      /^a value of the store careless/,
    ],
  ] as [string, (context: Context) => void, RegExp][]) {
    it(`are not to be changed in place: ${what}`, () => {
      const chain = chainThat(endBlock);
      assert.throws(() => chain.nextBlock(), { message: words });
    });
  }

  it('may be copied and changed', () => {
    const chain = chainThat(({ state, addresses }) => {
      state.raw.set('a', state.raw.must('a').slice().reverse());
      addresses.parse(ALICE, 'x').slice().fill(0);
    });
    chain.nextBlock();
    chain.nextBlock();
  });
});
