import { strict as assert } from 'node:assert';
import { txHash } from '../../../wire/block.ts';
import { toBase64, toHex, toUtf8 } from '../../../wire/bytes.ts';
import { BlockFeed } from './blockFeed.ts';

interface Told {
  readonly query: string;
  readonly data: { readonly type: string; readonly value: Record<string, unknown> };
  readonly events: Readonly<Record<string, readonly string[]>>;
}

const TX = (height: number, index: number) => toUtf8(`${height} ${index}`);
const hashOf = (height: number, index: number) => toHex(txHash(TX(height, index))).toUpperCase();

/** A chain whose blocks from height 1 on have two transactions each, behind a verifying RPC. */
class TestRpc {
  newest = 10;
  readonly asked: string[] = [];
  /** Heights whose blocks are not to be had. */
  readonly missing = new Set<number>();
  readonly #lowest: number;

  constructor(lowest = 1) {
    this.#lowest = lowest;
  }

  async call(method: string, params: Readonly<Record<string, unknown>> = {}) {
    const height = Number(params.height ?? this.newest);
    if (method !== 'header') this.asked.push(`${method} ${height}`);
    if (height < this.#lowest || this.missing.has(height)) throw new Error(`no ${height}`);
    const trust = { witnesses: [], withoutWitnesses: true, expiresAt: 0n };
    const verified = { proven: 'all', unproven: [], header: undefined, trust } as const;
    const verification = { ...verified, subject: method, height: BigInt(height) };
    return { result: this.#answer(method, height), verification };
  }

  #answer(method: string, height: number): object {
    if (method === 'block_results') {
      const result = { data: null, log: '', gas_wanted: '0', gas_used: '7', events: [] };
      return { txs_results: [0, 5].map((code) => ({ code, ...result })) };
    }
    const hash = height === this.#lowest ? '' : 'AB';
    const header = { height: `${height}`, last_block_id: { hash } };
    return { block: { header, data: { txs: [0, 1].map((i) => toBase64(TX(height, i))) } } };
  }
}

/** Everything that a subscriber is told while the chain grows, and what goes wrong. */
async function follow(query: string, heights: readonly number[], rpc = new TestRpc()) {
  const told: Told[] = [];
  const errors: string[] = [];
  const seen: bigint[] = [];
  let onLook = () => {};
  const feed = new BlockFeed({
    rpc,
    intervalMs: 0,
    onError: (error) => void errors.push(String(error)),
    onHeight: (height) => void seen.push(height),
  });
  const call = rpc.call.bind(rpc);
  // A look begins by asking for the newest header: the one before is over.
  rpc.call = async (method, params) => {
    if (method === 'header') onLook();
    return call(method, params);
  };
  feed.subscribe(query, (result) => void told.push(result as Told));
  const looked = () => new Promise<void>((resolve) => (onLook = resolve));
  feed.start();
  for (const height of heights) {
    await looked();
    rpc.newest = height;
    await looked();
    await looked();
  }
  feed.stop();
  return { told, errors, seen, rpc };
}

const heightsOf = (told: readonly Told[]) =>
  told.map(({ data }) => (data.value.block as { header: { height: string } }).header.height);

const never = (told: unknown): void => assert.fail(String(told));

describe('BlockFeed', () => {
  it('tells of every block from the newest on, and leaves none out', async () => {
    const { told, errors, seen } = await follow("tm.event='NewBlock'", [13]);
    assert.deepEqual(heightsOf(told), ['10', '11', '12', '13']);
    assert.deepEqual(seen, [10n, 11n, 12n, 13n]);
    assert.deepEqual(errors, []);
    assert.deepEqual(told[0]!.events, { 'tm.event': ['NewBlock'] });
    assert.equal(told[0]!.query, "tm.event='NewBlock'");
  });

  it('tells of headers alone', async () => {
    const { told } = await follow("tm.event = 'NewBlockHeader'", [11]);
    assert.deepEqual(Object.keys(told[0]!.data.value), ['header']);
    assert.equal(told[0]!.data.type, 'tendermint/event/NewBlockHeader');
  });

  it('tells of transactions once the next header proves their results', async () => {
    const { told } = await follow("tm.event='Tx'", [11]);
    assert.deepEqual(
      told.map(({ events }) => [events['tx.height']![0], events['tx.hash']![0]]),
      [9, 10].flatMap((height) => [0, 1].map((index) => [`${height}`, hashOf(height, index)])),
    );
    const [first, second] = told;
    const tx = (index: number) => toBase64(TX(9, index));
    assert.deepEqual(first!.data.value, {
      TxResult: { height: '9', tx: tx(0), result: { gas_used: '7' } },
    });
    assert.deepEqual(second!.data.value, {
      TxResult: { height: '9', index: 1, tx: tx(1), result: { code: 5, gas_used: '7' } },
    });
  });

  it('tells of the transactions that are asked for', async () => {
    const one = `tm.event='Tx' AND tx.hash='${hashOf(10, 1)}'`;
    assert.equal((await follow(one, [12])).told.length, 1);
    assert.equal((await follow("tm.event='Tx' AND tx.height>10", [12])).told.length, 2);
    assert.equal((await follow("tm.event='Tx' AND tx.height=5", [12])).told.length, 0);
  });

  it('asks for none before the first block of a chain, wherever it begins', async () => {
    const { told, errors } = await follow("tm.event='Tx'", [11], new TestRpc(10));
    assert.deepEqual([told.length, errors], [2, []]);
    const rpc = new TestRpc();
    rpc.newest = 1;
    assert.deepEqual((await follow("tm.event='Tx'", [2], rpc)).errors, []);
    assert.ok(!rpc.asked.includes('block 0'));
  });

  it('goes on where it stopped, without telling twice, when a block could not be had', async () => {
    const rpc = new TestRpc();
    rpc.missing.add(12);
    const { told, errors } = await follow("tm.event='NewBlock'", [13], rpc);
    assert.deepEqual(heightsOf(told), ['10', '11']);
    assert.match(errors[0]!, /no 12/);
    const again = new TestRpc();
    again.missing.add(12);
    const call = again.call.bind(again);
    again.call = async (method, params) => {
      const answer = call(method, params);
      await answer.catch(() => again.missing.clear());
      return answer;
    };
    assert.deepEqual(heightsOf((await follow("tm.event='NewBlock'", [13, 13], again)).told), [
      '10',
      '11',
      '12',
      '13',
    ]);
  });

  it('passes over what is too much to tell of after a pause, and says so', async () => {
    const { told, errors } = await follow("tm.event='NewBlock'", [5_000]);
    assert.equal(told.length, 1_001);
    assert.deepEqual(heightsOf(told).slice(0, 2), ['10', '4001']);
    assert.deepEqual(errors, [
      'Error: blocks 11 to 4000 are passed over: they are too many to tell of',
    ]);
  });

  it('asks for no block that nobody wants', async () => {
    const { rpc, seen } = await follow("tm.event='NewBlock' AND tx.height=1", [11]);
    assert.ok(rpc.asked.length > 0);
    const idle = new TestRpc();
    const feed = new BlockFeed({ rpc: idle, intervalMs: 0, onError: never });
    const end = feed.subscribe("tm.event='Tx'", never);
    end();
    feed.start();
    await new Promise((resolve) => setImmediate(resolve));
    feed.stop();
    assert.deepEqual(idle.asked, []);
    assert.deepEqual(seen, [10n, 11n]);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ["tm.event='Vote'", /expected one of tm\.event='NewBlock', .*: other events are in no hash/],
    ["tm.event='ValidatorSetUpdates'", /other events are in no hash/],
    ["tm.event CONTAINS 'Tx'", /other events are in no hash/],
    ['tx.height=5', /other events are in no hash/],
    ["tm.event='Tx' AND transfer.recipient='x'", /transfer\.recipient is in no hash/],
    ["tm.event='NewBlock", /query: /],
    ['', /query/],
    [`tm.event='NewBlock'${' '.repeat(500)}`, /maximum query length exceeded/],
  ];
  for (const [query, why] of refused) {
    it(`refuses ${query.trim().slice(0, 50) || 'no query'}: ${why.source.slice(0, 20)}`, () => {
      const feed = new BlockFeed({ rpc: new TestRpc(), intervalMs: 0, onError: never });
      assert.throws(() => feed.subscribe(query, never), why);
    });
  }
});
