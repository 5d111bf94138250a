import assert from 'node:assert/strict';
import { concatBytes, toUtf8 } from '../../wire/bytes.ts';
import { VoteExtension } from '../../wire/gen/depin/abci/v1/vote_extension.ts';
import { defineModule, type Module } from '../module/defineModule.ts';
import { ModuleSet } from '../module/moduleSet.ts';
import { item } from '../state/collections.ts';
import { uint64Value } from '../state/values.ts';
import { memoryFrame } from '../testing/memoryFrame.ts';
import { QUIET } from '../testing/quiet.ts';
import { acceptsExtension, extendVote } from './voteExtensions.ts';

/** Adds the height in state as one byte, and takes no greater one. */
const speaker = (name: string): Module =>
  defineModule(name, {
    ...QUIET,
    state: { most: item(1, uint64Value) },
    extendVote: ({ state }) => Uint8Array.of(Number(state.most.get() ?? 3n)),
    verifyVoteExtension: ({ state }, { validator, extension }) =>
      validator.length === 20 &&
      extension.length === 1 &&
      extension[0]! <= (state.most.get() ?? 3n),
  });

const silent = defineModule('silent', QUIET);
const shy = defineModule('shy', {
  ...QUIET,
  extendVote: () => new Uint8Array(0),
  verifyVoteExtension: () => true,
});

const modules = new ModuleSet([speaker('first'), silent, shy, speaker('second')]);
const frame = memoryFrame();
const validator = new Uint8Array(20);
const part = (module: string, ...bytes: number[]) => ({
  module,
  extension: Uint8Array.from(bytes),
});
const encoded = (...parts: ReturnType<typeof part>[]): Uint8Array =>
  VoteExtension.encode({ modules: parts }).finish();

describe('vote extensions', () => {
  it('hold the parts of the modules that have something to add, and are accepted', () => {
    const extension = extendVote(modules, frame);
    assert.deepEqual(
      VoteExtension.decode(extension).modules.map(({ module }) => module),
      ['first', 'second'],
    );
    assert.equal(acceptsExtension(modules, frame, { validator, extension }), true);
  });

  const verdicts: readonly [string, Uint8Array, boolean][] = [
    ['nothing', new Uint8Array(0), true],
    ['one part', encoded(part('second', 1)), true],
    ['a part that its module refuses', encoded(part('first', 4)), false],
    ['parts in another order', encoded(part('second', 1), part('first', 1)), false],
    ['a part twice', encoded(part('first', 1), part('first', 1)), false],
    ['a part of a module that adds nothing', encoded(part('silent', 1)), false],
    ['a part of no module', encoded(part('gold', 1)), false],
    ['an empty part', encoded(part('first')), false],
    ['bytes that are no extension', toUtf8('\xff\xff'), false],
    ['an unknown field', concatBytes(encoded(part('first', 1)), Uint8Array.of(0x12, 0)), false],
    ['too many bytes', new Uint8Array(65_537), false],
  ];
  for (const [what, extension, expected] of verdicts) {
    it(`${expected ? 'take' : 'refuse'} ${what}`, () => {
      assert.equal(acceptsExtension(modules, frame, { validator, extension }), expected);
    });
  }

  it('name the module that breaks off when it adds, and refuse a part that makes one break off', () => {
    const breaking = (): never => {
      throw new TypeError('out of order');
    };
    const broken = defineModule('broken', {
      ...QUIET,
      extendVote: breaking,
      verifyVoteExtension: breaking,
    });
    const set = new ModuleSet([speaker('first'), broken]);
    assert.throws(() => extendVote(set, frame), {
      name: 'Bug',
      message: 'height 1: extendVote of module broken: out of order',
    });
    const [extension, fine] = [encoded(part('broken', 1)), encoded(part('first', 1))];
    assert.equal(acceptsExtension(set, frame, { validator, extension }), false);
    assert.equal(acceptsExtension(set, frame, { validator, extension: fine }), true);
  });

  it('need a module that both adds and judges', () => {
    assert.throws(
      () => defineModule('a', { ...QUIET, extendVote: () => new Uint8Array(0) }),
      /a: extendVote and verifyVoteExtension stand together/,
    );
  });
});
