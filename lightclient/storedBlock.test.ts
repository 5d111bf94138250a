import { strict as assert } from 'node:assert';
import { lightBlockToJson } from './lightBlockJson.ts';
import { blockOfText, textOfBlock } from './storedBlock.ts';
import { makeBlock, signersOf } from './testing/chain.ts';
import { linesOf, MemoryStore } from './trustedStore.ts';
import type { LightBlock } from './types.ts';

const signers = signersOf('many', new Array<bigint>(150).fill(7n));
const others = signersOf('others', [3n, 4n]);

/** A block whose priorities are of its height, as those of a chain are. */
function blockAt(height: number, nextSigners = signers): LightBlock {
  const block = makeBlock({ height: BigInt(height), signers, nextSigners });
  const validators = block.validators.map((each, index) => ({
    ...each,
    proposerPriority: BigInt(height * 1_000 - index),
  }));
  const isSame = nextSigners === signers;
  return { ...block, validators, nextValidators: isSame ? validators : block.nextValidators };
}

describe('the text of a stored block', () => {
  it('is read as it is written, with the priorities of both sets', () => {
    for (const block of [blockAt(1), blockAt(2, others)]) {
      assert.deepEqual(blockOfText(textOfBlock(block)), block);
    }
    const { validators, nextValidators } = blockOfText(textOfBlock(blockAt(3)));
    assert.equal(validators, nextValidators, 'one set is held once');
  });

  it('is also read as the whole JSON of a light block', () => {
    const block = blockAt(4, others);
    assert.deepEqual(blockOfText(JSON.stringify(lightBlockToJson(block))), block);
  });

  it('is refused with what is no priority, and without validators', () => {
    const text = textOfBlock(blockAt(5));
    const wrong = text.replace('"5000"', '"x"');
    assert.notEqual(wrong, text);
    assert.throws(() => blockOfText(wrong), /priorities\[0\]/);
    assert.throws(() => blockOfText(text.replace('"validator_set"', '"x"')), /validator_set/);
    for (const other of ['null', '[]', '7']) assert.throws(() => blockOfText(other), TypeError);
  });
});

describe('MemoryStore', () => {
  it('holds what stays from block to block once', async () => {
    const texts = [6, 7, 8, 9].map((height) => textOfBlock(blockAt(height)));
    const held = new Set<Uint8Array>();
    let last: readonly Uint8Array[] = [];
    for (const text of texts) {
      last = linesOf(text, last);
      for (const line of last) held.add(line);
    }
    const bytes = [...held].reduce((sum, line) => sum + line.length, 0);
    const set = texts[0]!.split('\n').find((line) => line.startsWith('{"validators"'))!;
    const all = texts.join('').length;
    assert.ok(set.length > 10_000, 'the validators are a line');
    assert.ok(bytes <= all - 3 * set.length, `${bytes} bytes of ${all}`);
  });

  it('gives the texts back as they were', async () => {
    const store = new MemoryStore();
    const texts = [6, 7, 8, 9].map((height) => textOfBlock(blockAt(height)));
    for (const [index, text] of texts.entries()) await store.write(BigInt(index), text);
    assert.deepEqual(await Promise.all([0n, 1n, 2n, 3n].map((at) => store.read(at))), texts);
  });

  it('removes a text, unless another one is held by now', async () => {
    const store = new MemoryStore();
    await store.write(1n, 'a\nb');
    await store.remove(1n, 'a');
    assert.equal(await store.read(1n), 'a\nb');
    await store.remove(1n, 'a\nb');
    assert.equal(await store.read(1n), undefined);
    assert.deepEqual(await store.heights(), []);
  });
});
