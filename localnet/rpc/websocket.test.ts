import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { toBase64, toUtf8 } from '../../wire/bytes.ts';
import type { Localnet } from '../localnet.ts';
import { silentLogger } from '../logger.ts';
import { EventBus } from '../node/eventBus.ts';
import { makeTestNetwork, type TestNetwork } from '../testing/network.ts';
import type { Environment } from './environment.ts';
import { localnetService } from './routes.ts';
import { SOCKET_LIMITS, type Socket, Sockets } from './websocket.ts';

interface Message {
  readonly id?: unknown;
  readonly result?: {
    readonly query?: string;
    readonly data?: { readonly type: string; readonly value: unknown };
    readonly events?: Record<string, string[]>;
  };
  readonly error?: { readonly code: number; readonly data?: string };
}

/** A socket that remembers what comes and lets a test wait for it. */
async function open(url: string) {
  const client = new WebSocket(`${url.replace('http', 'ws')}/websocket`);
  const messages: Message[] = [];
  const waiting: (() => void)[] = [];
  client.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Message);
    for (const wake of waiting.splice(0)) wake();
  });
  await new Promise<void>((resolve) => client.on('open', () => resolve()));
  let read = 0;
  return {
    client,
    send: (value: unknown) =>
      client.send(typeof value === 'string' ? value : JSON.stringify(value)),
    /** The next message that was not read yet and meets the condition. */
    async next(wanted: (message: Message) => boolean = () => true): Promise<Message> {
      for (;;) {
        const message = messages[read];
        if (message) read++;
        else await new Promise<void>((resolve) => waiting.push(resolve));
        if (message && wanted(message)) return message;
      }
    },
  };
}
interface Client {
  on(event: 'message' | 'open' | 'close', listener: (data: unknown) => void): void;
  send(text: string): void;
  close(): void;
}

// The package has no types of its own.
const WebSocket = createRequire(import.meta.url)('ws') as new (url: string) => Client;

const subscribe = (id: unknown, query: string) => ({
  jsonrpc: '2.0',
  id,
  method: 'subscribe',
  params: { query },
});

describe('the WebSocket', () => {
  let network: TestNetwork;
  let localnet: Localnet;
  before(async () => {
    network = await makeTestNetwork();
    localnet = await network.start({ blockIntervalMs: 20 });
  });
  after(() => network.remove());

  it('acknowledges, sends events under the id of the request, and stops when told', async () => {
    const socket = await open(localnet.rpcUrl);
    socket.send({ jsonrpc: '2.0', id: 7, method: 'subscribe', params: ["tm.event='Tx'"] });
    assert.deepEqual(await socket.next(), { jsonrpc: '2.0', id: 7, result: {} });
    socket.send({
      jsonrpc: '2.0',
      id: 8,
      method: 'broadcast_tx_sync',
      params: { tx: toBase64(toUtf8('s=1')) },
    });
    const event = await socket.next(({ id }) => id === 7);
    assert.equal(event.result?.data?.type, 'tendermint/event/Tx');
    assert.deepEqual(event.result?.events?.['set.key'], ['s']);
    assert.deepEqual(Object.keys((event.result?.data?.value as object) ?? {}), ['TxResult']);
    socket.send({
      jsonrpc: '2.0',
      id: 9,
      method: 'unsubscribe',
      params: { query: "tm.event='Tx'" },
    });
    assert.deepEqual((await socket.next(({ id }) => id === 9)).result, {});
    socket.send({
      jsonrpc: '2.0',
      id: 10,
      method: 'unsubscribe',
      params: { query: "tm.event='Tx'" },
    });
    assert.match((await socket.next(({ id }) => id === 10)).error!.data!, /subscription not found/);
    socket.client.close();
  });

  it('sends every kind of event of a block', async () => {
    const socket = await open(localnet.rpcUrl);
    for (const name of ['NewBlock', 'NewBlockHeader', 'NewBlockEvents']) {
      socket.send(subscribe(name, `tm.event='${name}'`));
      const { result } = await socket.next(
        ({ id, result: r }) => id === name && r?.data !== undefined,
      );
      assert.equal(result?.data?.type, `tendermint/event/${name}`);
    }
    socket.client.close();
  });

  it('bounds subscriptions and refuses wrong queries and requests', async () => {
    const socket = await open(localnet.rpcUrl);
    const mistakes: [unknown, RegExp][] = [
      [subscribe(1, "tm.event='"), /failed to parse query/],
      [subscribe(2, `a='${'x'.repeat(600)}'`), /maximum query length exceeded/],
      ['{', /JSON/],
      [[subscribe(3, "a='b'")], /not one in a batch/],
    ];
    for (const [message, reason] of mistakes) {
      socket.send(message);
      const answer = await socket.next();
      const [first = answer] = Array.isArray(answer) ? (answer as Message[]) : [answer];
      assert.match(first.error!.data!, reason);
    }
    for (let i = 0; i < 5; i++) socket.send(subscribe(i, `a='${i}'`));
    for (let i = 0; i < 5; i++) assert.deepEqual((await socket.next()).result, {});
    socket.send(subscribe(6, "a='6'"));
    assert.match((await socket.next()).error!.data!, /max_subscriptions_per_client 5 reached/);
    socket.send({ jsonrpc: '2.0', id: 7, method: 'unsubscribe_all' });
    assert.deepEqual((await socket.next()).result, {});
    socket.client.close();
  });
});

describe('sockets under pressure', () => {
  /** A client that never reads: nothing that is sent is ever done. */
  function deafSocket() {
    const sent: string[] = [];
    const listeners = new Map<string, (data: Buffer) => void>();
    const closed: number[] = [];
    const socket: Socket = {
      bufferedAmount: 0,
      send: (data) => void sent.push(data),
      close: (code) => void closed.push(code),
      terminate: () => void closed.push(0),
      ping: () => undefined,
      on: (event: string, listener: (...args: never[]) => void) => {
        listeners.set(event, listener as (data: Buffer) => void);
      },
    };
    const receive = (value: unknown) =>
      listeners.get('message')!(Buffer.from(JSON.stringify(value)));
    return { socket, sent, closed, receive };
  }
  const environment = () => {
    const network = { events: new EventBus() };
    return { value: { network, logger: silentLogger } as unknown as Environment };
  };
  const served = (value: Environment) => ({ service: localnetService(value), environment: value });
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('closes a socket whose client does not read, with a word why', async () => {
    const { value } = environment();
    const sockets = new Sockets(served(value), { ...SOCKET_LIMITS, queue: 3 });
    const { socket, sent, closed, receive } = deafSocket();
    sockets.accept(socket);
    receive(subscribe(1, "tm.event='NewBlockHeader'"));
    await settled();
    receive({ jsonrpc: '2.0', id: 2, method: 'health' });
    receive({ jsonrpc: '2.0', id: 3, method: 'health' });
    receive({ jsonrpc: '2.0', id: 4, method: 'health' });
    await settled();
    await settled();
    assert.match(sent.at(-1)!, /slow client/);
    assert.deepEqual(closed, [1008]);
  });

  it('takes so many subscribers and no more', async () => {
    const { value } = environment();
    const sockets = new Sockets(served(value), { ...SOCKET_LIMITS, subscribers: 1 });
    const [first, second] = [deafSocket(), deafSocket()];
    for (const { socket, receive } of [first, second]) {
      sockets.accept(socket);
      receive(subscribe(1, "tm.event='Tx'"));
      await settled();
      await settled();
    }
    assert.match(first.sent[0]!, /"result":\{\}/);
    assert.match(second.sent[0]!, /max_subscription_clients 1 reached/);
  });

  it('drops a client that floods requests', async () => {
    const { value } = environment();
    const { socket, sent, closed, receive } = deafSocket();
    new Sockets(served(value), { ...SOCKET_LIMITS, queue: 2 }).accept(socket);
    for (let i = 0; i < 3; i++) receive({ jsonrpc: '2.0', id: i, method: 'health' });
    assert.match(sent[0]!, /too many requests are waiting/);
    assert.deepEqual(closed, [1008]);
  });
});
