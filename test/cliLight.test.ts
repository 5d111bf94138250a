import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import decodeQR from 'qr/decode.js';
import { type Outcome, run } from '../cli/testing/terminal.ts';
import { supplyKey } from '../modules/bank/keys.ts';
import { parseAddress } from '../wire/address.ts';
import { fromHex, toBase64, toHex, toUtf8 } from '../wire/bytes.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

/** What a node between the program and the localnet changes in an answer. */
type Edit = (method: string, answer: string) => string;

/** What a camera sees of lines of text: each character takes 4 by 8 pixels, and light text on dark or the reverse. */
function photoOf(rows: readonly string[], isDark: boolean) {
  const [width, height] = [rows[0]!.length * 4, rows.length * 8];
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const character = rows[Math.floor(y / 8)]![Math.floor(x / 4)];
      const isLit = character === '█' || character === (y % 8 < 4 ? '▀' : '▄');
      data.fill(isLit === isDark ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height, data };
}

describe('depind light', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  const servers: Server[] = [];
  before(async () => {
    localnet = await startTestLocalnet();
    // The header above proves the state: there has to be one.
    while (BigInt((await json('status')).sync_info.latest_block_height) < 3n) await pause(20);
  });
  after(async () => {
    for (const server of servers) server.close();
    await localnet?.stop();
  });

  const depind = (line: string, home = localnet.home): Promise<Outcome> =>
    run(line.split(' '), { env: { DEPIND_HOME: home } });

  /** What a command that must succeed prints as JSON. */
  async function json(line: string) {
    const { code, out, err } = await depind(`${line} -o json`);
    assert.equal(code, 0, `${line}: ${err}`);
    assert.equal(out.trim().split('\n').length, 1, 'one object on stdout');
    return JSON.parse(out);
  }

  async function refused(line: string, message: RegExp): Promise<Outcome> {
    const outcome = await depind(line);
    assert.equal(outcome.code, 1, line);
    assert.match(outcome.err, message, line);
    return outcome;
  }

  /** Another node of the chain, as a program sees it: the localnet's, with its answers changed or not. */
  async function node(edit: Edit = (_, answer) => answer): Promise<string> {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(localnet.rpc, { method: 'POST', headers, body });
      const { method } = JSON.parse(body) as { method: string };
      response.end(edit(method, await answer.text()));
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  const otherDigit = (digit: string): string => (digit === '1' ? '2' : '1');

  /** Shows another application's state in its headers: their hash is another one then. */
  const otherHeader: Edit = (method, answer) =>
    method === 'commit' ? answer.replace(/(?<="app_hash":\s*")./, otherDigit) : answer;

  async function rpc(method: string, params: object) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    return JSON.parse(await (await fetch(localnet.rpc, { method: 'POST', headers, body })).text());
  }

  /** Hash and time of a block, as the localnet's node says. */
  async function blockAt(height: string): Promise<{ hash: string; time: string }> {
    const answer = await fetch(`${localnet.rpc}/block?height=${height}`);
    const { result } = (await answer.json()) as {
      result: { block_id: { hash: string }; block: { header: { time: string } } };
    };
    return { hash: result.block_id.hash, time: result.block.header.time };
  }

  describe('checkpoint', () => {
    it('gives the header that all sources show', async () => {
      const other = await node();
      const nodes = `--node ${localnet.rpc} --node ${other}`;
      const found = await json(`light checkpoint ${nodes}`);
      const { chainId, height, hash, time, sources } = found;
      assert.deepEqual([chainId, sources], ['depind-test-1', [localnet.rpc, other]]);
      assert.deepEqual({ hash, time }, await blockAt(height));
      assert.deepEqual(await json(`light checkpoint ${nodes} --height ${height}`), found);
      const text = await depind(`light checkpoint ${nodes} --height ${height}`);
      assert.equal(text.err, '');
      assert.ok(text.out.endsWith(`\n--trust-height ${height} --trust-hash ${hash}\n`), text.out);
    });

    it('stays one below the source that is furthest behind', async () => {
      const slow = await node((method, answer) =>
        method === 'status' ? answer.replace(/("latest_block_height":\s*)"\d+"/, '$1"3"') : answer,
      );
      const line = `light checkpoint --node ${localnet.rpc} --node ${slow}`;
      assert.equal((await json(line)).height, '2');
    });

    it('shows a QR code that a phone reads the same of, on dark terminals and on light ones', async () => {
      const { out } = await depind('light checkpoint --height 1 --qr');
      const rows = out.split('\n').filter((line) => /^[ ▀▄█]{20,}$/.test(line));
      const { uri, hash } = await json('light checkpoint --height 1');
      assert.equal(uri, `depind:checkpoint?chain=depind-test-1&height=1&hash=${hash}`);
      for (const isDark of [true, false]) assert.equal(decodeQR(photoOf(rows, isDark)), uri);
    });

    it('asks every validator of the localnet when no source is named', async () => {
      const { code, out, err } = await depind('light checkpoint --height 1 -o json');
      assert.deepEqual([code, err], [0, '']);
      assert.deepEqual(JSON.parse(out).sources, [localnet.rpc, ...localnet.witnesses]);
    });

    it('warns when there is one source only', async () => {
      const line = `light checkpoint --node ${localnet.rpc} --height 1 -o json`;
      const { code, out, err } = await depind(line);
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(out).sources, [localnet.rpc]);
      assert.match(err, /^warning: only http\S+ says so/);
    });

    it('names the sources that differ', async () => {
      const liar = await node(otherHeader);
      const line = `light checkpoint --node ${localnet.rpc} --node ${liar} --height 2 -o json`;
      const { hash } = await blockAt('2');
      const { out, err } = await refused(line, /the sources differ at height 2: /);
      assert.equal(out, '');
      assert.ok(err.includes(`${localnet.rpc} shows ${hash}`), err);
      const shown = new RegExp(`${liar} shows ([0-9A-F]{64})`).exec(err)?.[1];
      assert.notEqual(shown ?? hash, hash, err);
    });

    it('names the source that does not answer, or is of another chain', async () => {
      const nobody = 'http://127.0.0.1:1';
      const other = await node((_, answer) => answer.replaceAll('depind-test-1', 'other-9'));
      for (const [line, message] of [
        [`--node ${localnet.rpc} --node ${nobody}`, /^error: http:\/\/127\.0\.0\.1:1: /],
        [`--node ${localnet.rpc} --node ${other}`, new RegExp(`^error: ${other}: .*"other-9"`)],
        [`--node ${localnet.rpc} --chain-id x-1`, /expected "x-1", got "depind-test-1"/],
        [`--node ${localnet.rpc} --height 999999`, /^error: http\S+: /],
        ['--height 0', /--height <height>.*expected a height of at least 1/],
        [`--node ${localnet.rpc} --node ${localnet.rpc}/`, /expected each node once/],
      ] as const) {
        await refused(`light checkpoint ${line}`, message);
      }
    });
  });

  describe('get', () => {
    const supply = toHex(supplyKey('udepin'));
    let witness: string;
    before(async () => {
      witness = await node();
    });

    it('proves a value', async () => {
      const got = await json(`light get bank ${supply} -w ${witness}`);
      const { chainId, store, key, value, text, height, headerHeight, headerHash } = got;
      assert.deepEqual([chainId, store, key], ['depind-test-1', 'bank', supply]);
      assert.match(text, /^\d{10,}$/);
      assert.equal(value, toHex(toUtf8(text)));
      assert.equal(BigInt(headerHeight), BigInt(height) + 1n);
      const { hash, time } = await blockAt(headerHeight);
      assert.deepEqual([headerHash, got.headerTime], [hash, time]);
      const line = `light get bank 0x${supply} --primary ${localnet.rpc} -w ${witness}`;
      const { out } = await depind(`${line} --height ${height}`);
      const header = `header: ${hash} at height ${headerHeight}`;
      assert.equal(out, `value: ${value}\ntext: ${text}\nheight: ${height}\n${header}\n`);
    });

    it('shows text only where all of it can be printed', async () => {
      const address = toHex(parseAddress('depin', localnet.accounts[0]!.address));
      const { value, text } = await json(`light get acc 01${address} -w ${witness}`);
      assert.equal(text, null);
      assert.match(value, /^([0-9a-f]{2})+$/);
    });

    it('proves an absence', async () => {
      const line = `light get bank ${toHex(supplyKey('nothing'))} --without-witnesses`;
      const { value, text } = await json(line);
      assert.deepEqual([value, text], [null, null]);
      const { code, out, err } = await depind(line);
      assert.equal(code, 0);
      assert.match(out, /^absent: proven\nheight: \d+\nheader: /);
      assert.match(err, /^warning: no witness is asked/m);
    });

    it('goes on with a witness when the value of the primary is not proven', async () => {
      const liar = await node((method, answer) =>
        method === 'abci_query' ? answer.replace(/("value":\s*")../, '$1AA') : answer,
      );
      const line = `light get bank ${supply} -p ${liar}`;
      const { code, out, err } = await depind(`${line} -w ${witness} -o json`);
      assert.equal(code, 0, err);
      assert.match(JSON.parse(out).text, /^\d{10,}$/);
      assert.match(
        err,
        /^warning: http:\/\/127.0.0.1:\d+ is asked no more: store bank at height \d+: /m,
      );
      const alone = await refused(`${line} --without-witnesses -o json`, /error: store bank at/);
      assert.equal(alone.out, '');
    });

    it('gives nothing when a witness shows another chain', async () => {
      const liar = await node(otherHeader);
      const line = `light get bank ${supply} -w ${witness} -w ${liar} -o json`;
      const { out } = await refused(line, /^error: two chains: .*witness 2 shows/m);
      assert.equal(out, '');
    });

    it('says that trust has expired', async () => {
      const line = `light get bank ${supply} -w ${witness} --trusting-period 1ms`;
      await refused(line, /^error: expired: pick a new checkpoint: the trusted header at height/m);
    });

    it('refuses flags that do not go together, and headers that nobody trusts', async () => {
      const trust = `--trust-height 1 --trust-hash ${'00'.repeat(32)}`;
      for (const [flags, message] of [
        [
          `-p ${witness}`,
          /-w \(--witness\), --without-witnesses: expected a node, or --without-witnesses/,
        ],
        [`-w ${witness} --without-witnesses`, /--without-witnesses: expected either of them/],
        [`-w ${witness} -w ${witness}/`, /'-w, --witness <url>'.*expected each node once/],
        [`-p ${witness} -w ${witness}`, /--witness: expected another node than the primary/],
        [`-p ${witness} --node ${witness} --without-witnesses`, /cannot be used with/],
        [`-w ${witness} --height 0`, /--height <height>.*expected a height of at least 1/],
        [`-w ${witness} ${trust}`, /trustedHash: got/],
        [`-w ${witness} --trust-height 1`, /--trust-height and --trust-hash: expected both/],
      ] as const) {
        await refused(`light get bank ${supply} ${flags}`.trimEnd(), message);
      }
      await refused(`light get bank 0 -w ${witness}`, /expected pairs of hex digits/);
    });
  });

  describe('verify-tx', () => {
    let sent: { readonly hash: string; readonly height: string };
    before(async () => {
      sent = await send('5udepin');
    });

    /** A transaction that is in a block with another above it. */
    async function send(amount: string): Promise<{ hash: string; height: string }> {
      const { out } = await depind(`tx bank send alice bob ${amount} -y --gas 200000 -o json`);
      const { txhash, height } = JSON.parse(out) as { txhash: string; height: string };
      while (BigInt((await json('status')).sync_info.latest_block_height) <= BigInt(height)) {
        // Each answer takes longer than nothing: the next block comes meanwhile.
      }
      return { hash: txhash, height };
    }

    it('proves a transaction and its result', async () => {
      const { hash, height } = sent;
      const found = await json(`light verify-tx ${hash} -w ${await node()}`);
      const { hash: headerHash, time: headerTime } = await blockAt(height);
      const { tx, tx_result: told } = (await rpc('tx', { hash: toBase64(fromHex(hash)) })).result;
      assert.deepEqual(found, {
        chainId: 'depind-test-1',
        hash,
        height,
        index: 0,
        transaction: tx,
        result: {
          code: 0,
          data: told.data,
          gasWanted: told.gas_wanted,
          gasUsed: told.gas_used,
        },
        headerHash,
        headerTime,
      });
      const text = await depind(`light verify-tx ${hash} --without-witnesses`);
      const lines = `included: transaction 0 of block ${height}\nresult: code 0, ${told.gas_used} of 200000 gas used\nheader: ${headerHash} at height ${height}\n`;
      assert.deepEqual([text.code, text.out], [0, lines]);
    });

    it('exits with 1 when it is proven that the transaction failed', async () => {
      const { hash } = await send('999999999999999udepin');
      const line = `light verify-tx ${hash} --without-witnesses -o json`;
      const { out } = await refused(line, /^error: transaction failed: code 5$/m);
      assert.equal(JSON.parse(out).result.code, 5);
    });

    it('exits with 1 as long as no block proves the result', async () => {
      const { hash, height } = sent;
      const early = await node((method, answer) =>
        method === 'status'
          ? answer.replace(/("latest_block_height":\s*)"\d+"/, `$1"${height}"`)
          : answer,
      );
      const line = `light verify-tx ${hash} -p ${early} --without-witnesses -o json`;
      const { out } = await refused(line, /^error: the result is not proven yet/m);
      assert.deepEqual([JSON.parse(out).height, JSON.parse(out).result], [height, null]);
    });

    it('refuses what the node cannot prove', async () => {
      const { hash } = sent;
      const edits: readonly Edit[] = [
        (method, answer) =>
          method === 'tx' ? answer.replace(/("tx":\s*")..../, '$1AAAA') : answer,
        (method, answer) =>
          method === 'block_results' ? answer.replace(/(?<="gas_used":\s*")./, otherDigit) : answer,
      ];
      for (const [index, message] of [/txHash: got/, /lastResultsHash: got/].entries()) {
        const liar = await node(edits[index]);
        const line = `light verify-tx ${hash} -p ${liar} --without-witnesses -o json`;
        assert.equal((await refused(line, message)).out, '');
      }
      await refused(
        `light verify-tx ${'AB'.repeat(32)} --without-witnesses`,
        /^error: .*not found/m,
      );
      await refused('light verify-tx AB --without-witnesses', /64 hex digits/);
    });
  });
});
