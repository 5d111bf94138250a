/** Lists of a store, proven complete, over a real tree; and nodes that leave out, add, change and reorder. */
import { strict as assert } from 'node:assert';
import { type KVStore, MultiStore } from '../chain/store/index.ts';
import {
  type LightBlock,
  LightClient,
  LightClientError,
  type Provider,
} from '../lightclient/index.ts';
import type { QueryAnswer, StateQuery } from '../lightclient/provider.ts';
import { rememberingVerifier } from '../lightclient/rememberingVerifier.ts';
import { CHAIN_ID, makeBlock, SECOND, signersOf } from '../lightclient/testing/chain.ts';
import { concatBytes, fromHex, toHex, toUtf8 } from '../wire/bytes.ts';
import { hashHeader } from '../wire/header.ts';
import { nobleVerifier } from '../wire/signature.ts';

const HEIGHT = 9n;
const KEYS = ['01', '0100', '0105', '02', '0201ff', '0202', '02ff', '03', '0301', 'ff', 'ffff'];
const verifier = rememberingVerifier(nobleVerifier);
const NO_BYTES = new Uint8Array(0);

function fill(store: KVStore, value: (key: string) => string): void {
  for (const key of KEYS) store.set(fromHex(key), toUtf8(value(key)));
}

const signers = signersOf('range', [10n, 10n, 10n]);
const root = makeBlock({ height: 1n, signers });
let stores: MultiStore;
let target: LightBlock;

async function build(): Promise<void> {
  stores = await MultiStore.open({ memory: true, storeNames: ['bank', 'other'] });
  fill(stores.store('bank'), (key) => `old ${key}`);
  fill(stores.store('other'), (key) => `other ${key}`);
  await stores.commit({ version: HEIGHT - 1n });
  fill(stores.store('bank'), (key) => `value ${key}`);
  await stores.commit();
  target = makeBlock({ height: HEIGHT + 1n, signers, header: { appHash: stores.appHash } });
}

/** What a key's answer is, of any height and store. */
function answerOf(key: Uint8Array, height = HEIGHT, store = 'bank'): QueryAnswer {
  const { value, ops } = stores.prove(height, store, key);
  const empty = { code: 0, codespace: '', log: '' };
  return { ...empty, key, value: value ?? NO_BYTES, height, proofOps: ops };
}

/** An honest node, but for what `lie` does to the answers about the state. */
function node(lie: (answer: QueryAnswer, key: Uint8Array) => QueryAnswer = (a) => a): Provider {
  const blockAt = (height: bigint) => (height === 1n ? root : target);
  return {
    signedHeader: async (height = HEIGHT + 1n) => blockAt(height).signedHeader,
    validators: async (height) => blockAt(height).validators,
    status: async () => {
      const { height, time } = target.signedHeader.header;
      return { chainId: CHAIN_ID, latestHeight: height, latestTime: time, isCatchingUp: false };
    },
    abciQuery: async ({ path, data, height = HEIGHT }: StateQuery) => {
      const store = path.split('/')[2]!;
      return lie(answerOf(data, height, store), data);
    },
  };
}

function open(primary: Provider, witness: Provider = node()): Promise<LightClient> {
  return LightClient.create({
    chainId: CHAIN_ID,
    primary,
    witnesses: [witness],
    trust: { height: 1n, hash: hashHeader(root.signedHeader.header), period: 3_600n * SECOND },
    now: () => target.signedHeader.header.time + SECOND,
    verifier,
  });
}

const namesOf = (entries: readonly (readonly [Uint8Array, Uint8Array])[]): string[] =>
  entries.map(([key, value]) => {
    assert.equal(new TextDecoder().decode(value), `value ${toHex(key)}`);
    return toHex(key);
  });

describe('LightClient.getVerifiedRange', () => {
  before(build);

  it('gives a whole store', async () => {
    const { entries, next, height, header } = await (await open(node())).getVerifiedRange({
      store: 'bank',
    });
    assert.deepEqual(namesOf(entries), KEYS);
    assert.equal(next, undefined);
    assert.equal(height, HEIGHT);
    assert.deepEqual(header, target.signedHeader.header);
  });

  it('gives what lies between any two keys, and none when that is nothing', async () => {
    const client = await open(node());
    const borders = ['00', '01', '010000', '02', '0202', '0203', '03', 'ff', 'ffff', 'ffffff'];
    for (const [at, from] of borders.entries()) {
      for (const to of borders.slice(at)) {
        const range = { store: 'bank', start: fromHex(from), end: fromHex(to) };
        const { entries, next } = await client.getVerifiedRange(range);
        const wanted = KEYS.filter((key) => key >= from && key < to);
        assert.deepEqual([namesOf(entries), next], [wanted, undefined], `${from} to ${to}`);
      }
    }
  });

  it('goes on page by page', async () => {
    const client = await open(node());
    const found: string[] = [];
    let start: Uint8Array | undefined = fromHex('01');
    while (start !== undefined) {
      const page = await client.getVerifiedRange({ store: 'bank', start, limit: 3 });
      assert.ok(page.entries.length <= 3);
      found.push(...namesOf(page.entries));
      start = page.next;
    }
    assert.deepEqual(found, KEYS);
  });

  it('refuses ranges that make no sense', async () => {
    const client = await open(node());
    const store = 'bank';
    const [one, two] = [fromHex('01'), fromHex('02')];
    for (const wrong of [
      { limit: 0 },
      { limit: 1_001 },
      { limit: 1.5 },
      { start: NO_BYTES },
      { start: two, end: one },
      { height: 0n },
    ]) {
      await assert.rejects(client.getVerifiedRange({ store, ...wrong }), RangeError);
    }
  });

  describe('whatever both nodes say', () => {
    const lies: Record<string, (answer: QueryAnswer, key: Uint8Array) => QueryAnswer> = {
      'an entry is left out': (answer, key) =>
        toHex(key) === '020100' || toHex(key) === '0200' ? answerOf(fromHex('0202')) : answer,
      'an entry is passed by under the key that was asked for': (answer, key) =>
        toHex(key) === '0200' ? { ...answerOf(fromHex('0203')), key } : answer,
      'an entry is added': (answer, key) =>
        toHex(key) === '0200' ? { ...answer, value: toUtf8('added') } : answer,
      'the list ends early': (answer, key) =>
        toHex(key) === '0200' ? { ...answerOf(fromHex('ffffff')), key } : answer,
      'a value is of the height before': (answer, key) =>
        toHex(key) === '0200' ? { ...answerOf(key, HEIGHT - 1n), height: HEIGHT } : answer,
      'a value is of another store': (answer, key) =>
        toHex(key) === '0200' ? answerOf(key, HEIGHT, 'other') : answer,
      'a proof of the other store is passed off': (answer, key) => {
        if (toHex(key) !== '0200') return answer;
        const [ofKey] = answerOf(key, HEIGHT, 'other').proofOps;
        return { ...answer, proofOps: [ofKey!, answer.proofOps[1]!] };
      },
      'there is no proof': (answer) => ({ ...answer, proofOps: [] }),
      'a byte of the proof differs': (answer, key) => {
        if (toHex(key) !== '0200') return answer;
        const [ofKey, ofStore] = answer.proofOps;
        const data = concatBytes(ofKey!.data);
        data[data.length - 40]! ^= 1;
        return { ...answer, proofOps: [{ ...ofKey!, data }, ofStore!] };
      },
    };
    for (const [what, lie] of Object.entries(lies)) {
      it(`refuses that ${what}`, async () => {
        const client = await open(node(lie), node(lie));
        await assert.rejects(client.getVerifiedRange({ store: 'bank' }), (error) => {
          assert.ok(error instanceof LightClientError, String(error));
          assert.equal(error.reason, 'refused');
          return true;
        });
      });
    }

    it('takes a witness in place of the one that lies', async () => {
      const client = await open(node(lies['an entry is left out']));
      const { entries } = await client.getVerifiedRange({ store: 'bank' });
      assert.deepEqual(namesOf(entries), KEYS);
      assert.equal((await client.status()).primary, 'witness 1');
    });
  });
});
