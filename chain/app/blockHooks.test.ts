import assert from 'node:assert/strict';
import { nobleVerifier } from '../../wire/signature.ts';
import { addressesOf } from '../module/addresses.ts';
import { defineModule, type Module } from '../module/defineModule.ts';
import { Bug, ChainError } from '../module/errors.ts';
import { type Frame, rootFrame } from '../module/frame.ts';
import { ModuleSet } from '../module/moduleSet.ts';
import { item } from '../state/collections.ts';
import { uint64Value } from '../state/values.ts';
import { EMPTY_STORE } from '../store/emptyStore.ts';
import { BufferedStore } from '../store/index.ts';
import { QUIET } from '../testing/quiet.ts';
import { runHooks } from './blockHooks.ts';

function frameAt(height: bigint): Frame {
  return rootFrame({
    environment: { addresses: addressesOf('depin'), verifier: nobleVerifier, denom: 'udepin' },
    block: { chainId: 'a', height, timeNs: 0n, proposerAddress: new Uint8Array(20) },
    archive: { get: () => undefined, put: () => undefined },
    stores: () => new BufferedStore(EMPTY_STORE),
  });
}

const update = (power: bigint) => ({
  publicKey: { type: 'ed25519' as const, bytes: new Uint8Array(32) },
  power,
});

describe('block hooks', () => {
  const first = defineModule('first', { ...QUIET, endBlock: () => [update(1n)] });
  const second = defineModule('second', { ...QUIET, endBlock: () => [update(2n), update(3n)] });

  it('run in the order of the modules, and give their validator updates', () => {
    const modules = new ModuleSet([first, second]);
    const powers = (hook: 'beginBlock' | 'endBlock') =>
      runHooks(modules, frameAt(7n), hook).map(({ power }) => power);
    assert.deepEqual(powers('endBlock'), [1n, 2n, 3n]);
    assert.deepEqual(powers('beginBlock'), []);
  });

  const state = { total: item(1, uint64Value) };
  const broken: readonly (readonly [module: Module, words: RegExp])[] = [
    [
      defineModule('broken', { ...QUIET, state, endBlock: ({ state }) => void state.total.must() }),
      /^height 7: endBlock of module broken: item is not set: not found$/,
    ],
    [
      defineModule('broken', {
        ...QUIET,
        endBlock: () => {
          throw new TypeError('undefined is no function');
        },
      }),
      /^height 7: endBlock of module broken: undefined is no function$/,
    ],
  ];
  for (const [module, words] of broken) {
    it(`halt and name height, hook and module: ${words.source}`, () => {
      assert.throws(
        () => runHooks(new ModuleSet([first, module]), frameAt(7n), 'endBlock'),
        (error) =>
          error instanceof Bug && !(error instanceof ChainError) && words.test(error.message),
      );
    });
  }
});
