import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockOutcome } from './counters.ts';
import { Counting } from './counting.ts';

const FIRST = 51;

describe('counting', () => {
  it('begins at the first block that there is, also of a chain that goes on from an exported state', async () => {
    const asked: string[] = [];
    const server = await nodeWithBlocksFrom(FIRST, asked);
    const home = await mkdtemp(join(tmpdir(), 'depind-counting-'));
    try {
      let tell: (block: BlockOutcome) => void = () => undefined;
      const counting = new Counting(
        {
          rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          height: () => 52n,
          on(_event, listener) {
            tell = listener;
            return () => undefined;
          },
        },
        home,
      );
      const success = { code: 0, codespace: '', log: '', events: [] };
      tell({ height: 53n, results: [success], events: [] });
      await until(() => counting.counts.height === 53n);
      await counting.stop();
      assert.deepEqual(asked, ['51', '52']);
      assert.equal(counting.counts.transactions, 3);
    } finally {
      server.close();
      await rm(home, { recursive: true, force: true });
    }
  });
});

/** Waits for work of this process; the test's own limit ends it otherwise. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** Each of its blocks has one transaction; it refuses, as a node does, what lies below the first. */
async function nodeWithBlocksFrom(first: number, asked: string[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const { id, method, params } = JSON.parse(body);
    const answer = method === 'status' ? status(first) : blockResults(first, params.height, asked);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const status = (first: number) => ({
  result: { sync_info: { earliest_block_height: String(first) } },
});

function blockResults(first: number, height: string, asked: string[]) {
  if (Number(height) < first) return { error: { code: -32603, message: 'not there', data: '' } };
  asked.push(height);
  return {
    result: {
      height,
      txs_results: [{ code: 0, codespace: '', log: '', events: [] }],
      finalize_block_events: [],
    },
  };
}
