import assert from 'node:assert/strict';
import { MsgDefinition } from '../../wire/gen/cosmos/bank/v1beta1/tx.ts';
import { item } from '../state/collections.ts';
import { uint64Value } from '../state/values.ts';
import { ModuleHarness } from '../testing/moduleHarness.ts';
import { QUIET } from '../testing/quiet.ts';
import { defineModule, hook, only } from './defineModule.ts';
import { ModuleSet } from './moduleSet.ts';

type Definition = Parameters<typeof defineModule>[1];
const SENDING = only(MsgDefinition, 'send');

const counter = defineModule('counter', {
  ...QUIET,
  state: { total: item(1, uint64Value) },
  hooks: { counted: hook<(total: bigint) => void>() },
});
/** Not the one that stands in the chain, though it has its name. */
const impostor = defineModule('counter', { ...QUIET, state: { other: item(1, uint64Value) } });

/** What is declared, and the words by which it is refused. */
const REFUSED: readonly (readonly [declared: object, words: RegExp])[] = [
  [{ storeName: 'a/b' }, /^bad\.storeName: expected lower-case letters.*got "a\/b"/],
  [{ errors: { A: [2 ** 32, 'a'] } }, /^bad\.errors\.A: expected a code from 2 up, got 4294967296/],
  [{ uses: { state: counter } }, /^bad\.uses\.state: a context has something else/],
  [{ uses: { fail: counter } }, /^bad\.uses\.fail: /],
  [{ uses: { open: counter } }, /^bad\.uses\.open: /],
  [{ on: { counter: { counted: () => undefined } } }, /^bad\.on\.counter: is not in uses/],
  [
    { uses: { counter }, on: { counter: { conuted: () => undefined } } },
    /^bad\.on\.counter\.conuted: counter has no such hook/,
  ],
  [{ msg: SENDING }, /^bad\.messages\.send: expected a handler, got none/],
  [{ query: SENDING }, /^bad\.queries\.send: expected a handler, got none/],
  [{ gas: { send: 1n } }, /^bad\.gas\.send: no such message/],
  [
    { msg: SENDING, messages: { send: () => ({}) }, gas: { send: -1n } },
    /^bad\.gas\.send: expected 0 or more, got -1/,
  ],
];

describe('a declaration', () => {
  for (const [declared, words] of REFUSED) {
    it(`is refused: ${words.source}`, () => {
      const definition = { ...QUIET, ...declared } as unknown as Definition;
      assert.throws(
        () => defineModule('bad', definition),
        (error: Error) => error instanceof TypeError && words.test(error.message),
      );
    });
  }

  it('needs a name that can be a codespace and a store, and is not that of the engine', () => {
    for (const name of ['', 'Bad', 'a b', 'a/b', '1a', 'sdk', '__proto__']) {
      assert.throws(() => defineModule(name, QUIET), /name of the module: expected/, name);
    }
    assert.equal(defineModule('a_1', QUIET).name, 'a_1');
  });

  it('may name the hooks of what it uses, also under another name', () => {
    const uses = { tally: counter };
    const on = { tally: { counted: () => undefined } };
    assert.equal(defineModule('good', { ...QUIET, uses, on }).name, 'good');
  });

  it('offers nothing that waits', () => {
    const wait = async (): Promise<void> => undefined;
    const offers = { api: { api: () => ({ wait }) }, views: { views: () => ({ wait }) } };
    for (const declared of Object.values(offers)) {
      const waiting = defineModule('waiting', { ...QUIET, ...declared });
      const chain = new ModuleHarness({ modules: [waiting] });
      assert.throws(
        () => chain.api(waiting),
        /^TypeError: waiting\.api\.wait: expected a function/,
      );
    }
  });

  it('uses the very module that stands in the chain, and no other one of its name', () => {
    const user = defineModule('user', { ...QUIET, uses: { counter: impostor } });
    assert.throws(
      () => new ModuleSet([counter, user]),
      /modules: user uses another counter than the one that stands here/,
    );
    assert.equal(new ModuleSet([impostor, user]).modules.length, 2);
  });
});
