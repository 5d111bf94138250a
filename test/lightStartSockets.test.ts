/** The WebSocket of `depind light start` on a localnet: what it tells, and clients that behave badly. */
import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import { coins, SigningStargateClient } from '@cosmjs/stargate';
import type { comet38 } from '@cosmjs/tendermint-rpc';
import { type ServedProxy, serveProxy } from '../cli/light/proxy/serve.ts';
import { HttpProvider, LightClient } from '../lightclient/index.ts';
import { SECOND } from '../lightclient/testing/chain.ts';
import { silentLogger } from '../localnet/index.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { connectSocket } from './support/cosmjsSocket.ts';
import { startTestLocalnet, type TestLocalnet } from './support/localnet.ts';

interface Client {
  on(event: 'message' | 'open' | 'close', listener: (data: unknown) => void): void;
  send(text: string): void;
  close(): void;
  terminate(): void;
}

interface Message {
  readonly id?: unknown;
  readonly result?: { readonly query?: string; readonly data?: { readonly type: string } };
  readonly error?: { readonly code: number; readonly data?: string };
}

// The package has no types of its own.
const WebSocket = createRequire(import.meta.url)('ws') as new (url: string) => Client;

describe('the WebSocket of depind light start', function () {
  this.timeout(60_000);
  let localnet: TestLocalnet;
  let proxy: ServedProxy;
  const errors: unknown[] = [];

  before(async () => {
    localnet = await startTestLocalnet();
    const { chainId, trust, rpc } = localnet;
    const client = await LightClient.create({
      chainId,
      primary: new HttpProvider({ url: rpc, chainId }),
      witnesses: [],
      withoutWitnesses: true,
      trust: { height: BigInt(trust.height), hash: fromHex(trust.hash), period: 3_600n * SECOND },
    });
    proxy = await serveProxy({
      client,
      listen: { host: '127.0.0.1', port: 0 },
      unproven: 'refuse',
      logger: silentLogger,
      onError: (error) => void errors.push(error),
    });
  });

  after(async () => {
    await proxy.close();
    await localnet.stop();
    assert.deepEqual(errors, []);
  });

  async function open() {
    const client = new WebSocket(`${proxy.url.replace('http', 'ws')}/websocket`);
    const messages: Message[] = [];
    let wake = () => {};
    client.on('message', (data) => {
      messages.push(JSON.parse(String(data)) as Message);
      wake();
    });
    const closed = new Promise<number>((resolve) =>
      client.on('close', (code) => resolve(code as number)),
    );
    await new Promise<void>((resolve) => client.on('open', () => resolve()));
    return {
      client,
      closed,
      messages,
      ask: (id: unknown, method: string, params: object = {}) =>
        client.send(JSON.stringify({ jsonrpc: '2.0', id, method, params })),
      /** The first message that meets the condition, also one that came before. */
      async find(wanted: (message: Message) => boolean): Promise<Message> {
        for (;;) {
          const found = messages.find(wanted);
          if (found !== undefined) return found;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    };
  }

  async function isServing(): Promise<void> {
    const response = await fetch(`${proxy.url}/block?height=2`);
    const { result } = (await response.json()) as {
      result: { block: { header: { height: string } } };
    };
    assert.equal(result.block.header.height, '2');
  }

  it('tells CosmJS of a transaction, with the result that the next header proves', async () => {
    const [alice, bob] = [localnet.accounts[0]!, localnet.accounts[1]!];
    const { client: comet, close } = await connectSocket(proxy.url);
    const told = new Promise<comet38.TxEvent>((resolve, reject) => {
      const complete = () => undefined;
      comet.subscribeTx().addListener({ next: resolve, error: reject, complete });
    });
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(alice.mnemonic, { prefix: 'depin' });
    const sender = await SigningStargateClient.connectWithSigner(localnet.rpc, wallet, {
      broadcastPollIntervalMs: 60,
    });
    const fee = { amount: [], gas: '200000' };
    const sent = await sender.sendTokens(alice.address, bob.address, coins(5, 'udepin'), fee);
    const { height, hash, result } = await told;
    assert.deepEqual([height, toHex(hash).toUpperCase()], [sent.height, sent.transactionHash]);
    assert.deepEqual([result.code, result.gasUsed], [sent.code, sent.gasUsed]);
    assert.deepEqual([result.log ?? '', result.events], ['', []], 'they are in no hash');
    assert.ok(sent.events.length > 0);
    sender.disconnect();
    close();
  });

  it('refuses events that no header proves, and says which it tells', async () => {
    const { ask, find, client } = await open();
    for (const [id, query] of [
      "tm.event='ValidatorSetUpdates'",
      "tm.event='Tx' AND message.sender='x'",
      "tm.event='NewBlock' OR 1",
      '',
    ].entries()) {
      ask(id, 'subscribe', { query });
      const { error } = await find((message) => message.id === id);
      assert.match(error?.data ?? '', /^query: |in no hash/, query);
    }
    client.close();
  });

  it('ends subscriptions when it is told to, and tells nothing more', async () => {
    const { ask, find, messages, client } = await open();
    const query = "tm.event='NewBlock'";
    ask(1, 'subscribe', { query });
    const event = await find(({ result }) => result?.data !== undefined);
    assert.equal(event.result?.data?.type, 'tendermint/event/NewBlock');
    ask(2, 'unsubscribe', { query });
    await find((message) => message.id === 2);
    const { length } = messages;
    const height = proxy.height();
    while (proxy.height() < height + 2n) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(messages.length, length);
    ask(3, 'unsubscribe', { query });
    assert.match((await find((message) => message.id === 3)).error?.data ?? '', /not found/);
    ask(4, 'unsubscribe_all');
    assert.deepEqual((await find((message) => message.id === 4)).result, {});
    client.close();
  });

  it('closes the socket of who floods it or sends too much, and serves the others', async () => {
    const patient = await open();
    patient.ask(1, 'subscribe', { query: "tm.event='NewBlockHeader'" });
    const huge = await open();
    huge.client.send(`"${'x'.repeat(1_000_001)}"`);
    assert.equal(await huge.closed, 1009);
    const flooding = await open();
    for (let id = 0; id < 400; id++) flooding.ask(id, 'block', { height: '2' });
    assert.equal(await flooding.closed, 1008);
    const rude = await open();
    for (const text of ['', '{', '[]', 'null', '{"jsonrpc":"2.0"}', '\u0000'])
      rude.client.send(text);
    for (let id = 0; id < 8; id++) rude.ask(id, 'subscribe', { query: `tx.height=${id}` });
    rude.client.terminate();
    await rude.closed;
    await patient.find(({ result }) => result?.data !== undefined);
    await isServing();
    patient.client.close();
  });

  it('has room for so many subscriptions of a socket, and so many subscribers', async () => {
    const one = await open();
    for (let id = 0; id < 6; id++) {
      one.ask(id, 'subscribe', { query: `tm.event='Tx' AND tx.height=${id + 1_000_000}` });
    }
    const { error } = await one.find((message) => message.id === 5);
    assert.match(error?.data ?? '', /max_subscriptions_per_client 5 reached/);
    const others = await Promise.all(Array.from({ length: 100 }, open));
    for (const { ask } of others) ask(1, 'subscribe', { query: "tm.event='Tx'" });
    const answers = await Promise.all(others.map(({ find }) => find(({ id }) => id === 1)));
    const refused = answers.filter(({ error: full }) => full !== undefined);
    assert.equal(refused.length, 1);
    assert.match(refused[0]!.error!.data!, /max_subscription_clients 100 reached/);
    for (const { client, closed } of [one, ...others]) {
      client.terminate();
      await closed;
    }
    const later = await open();
    later.ask(1, 'subscribe', { query: "tm.event='NewBlock'" });
    await later.find(({ result }) => result?.data !== undefined);
    later.client.close();
  });
});
