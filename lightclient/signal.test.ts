/** Every call that asks nodes can be given up, at once, and leaves nothing behind on the signal. */
import { strict as assert } from 'node:assert';
import { getEventListeners } from 'node:events';
import { toUtf8 } from '../wire/bytes.ts';
import { connectVerified } from './cosmjs/index.ts';
import type { CallOptions } from './lightClientOptions.ts';
import { VerifiedRpc } from './rpc/index.ts';
import { blockAt, openClient, TestNode } from './testing/nodes.ts';
import { verifyDevice } from './verifyDevice.ts';

/** Once it is silent it answers no more, and counts who asks. */
class SilentNode extends TestNode {
  isSilent = false;
  questions = 0;

  override signedHeader(height?: bigint) {
    return this.isSilent ? this.ask() : super.signedHeader(height);
  }

  override validators(height: bigint) {
    return this.isSilent ? this.ask() : super.validators(height);
  }

  override status() {
    return this.isSilent ? this.ask() : super.status();
  }

  override abciQuery = () => this.ask();
  transaction = () => this.ask();
  txResults = () => this.ask();

  ask(): Promise<never> {
    this.questions += 1;
    return new Promise(() => {});
  }
}

async function openSilent() {
  const primary = new SilentNode();
  const client = await openClient({ primary });
  const rpc = new VerifiedRpc({ client, unproven: 'refuse' });
  primary.isSilent = true;
  return { primary, client, rpc };
}

type Opened = Awaited<ReturnType<typeof openSilent>>;
const deviceId = 'ab'.repeat(20);
const key = toUtf8('key');
const { chainId } = blockAt(3).signedHeader.header;
const trust = { height: 3n, hash: new Uint8Array(32), period: 1n };

/** Each call with its signal. */
const calls: Readonly<Record<string, (opened: Opened, call: CallOptions) => Promise<unknown>>> = {
  update: ({ client }, call) => client.update(call),
  verifyToHeight: ({ client }, call) => client.verifyToHeight(9n, call),
  'getVerified of the newest': ({ client }, call) => client.getVerified('bank', key, call),
  'getVerified of a height': ({ client }, { signal }) =>
    client.getVerified('bank', key, { height: 7n, signal }),
  'getVerified of a verified header': ({ client }, { signal }) =>
    client.getVerified('bank', key, { height: 2n, signal }),
  getVerifiedRange: ({ client }, call) => client.getVerifiedRange({ store: 'bank', ...call }),
  verifyTx: ({ client }, call) => client.verifyTx(new Uint8Array(32), call),
  'LightClient.verifyDevice': ({ client }, call) => client.verifyDevice(deviceId, call),
  verifyDevice: ({ primary: provider }, { signal }) =>
    verifyDevice({ provider, chainId, trust, deviceId, now: 1n, signal }),
  'VerifiedRpc.call': ({ rpc }, call) => rpc.call('commit', {}, call),
  'LightClient.create': ({ primary }, call) => openClient({ primary }, call),
  connectVerified: ({ primary }, call) => {
    const nodes = { primary: 'http://a.example', witnesses: [], withoutWitnesses: true };
    const fetch = () => primary.ask();
    return connectVerified({ ...nodes, chainId, trust, unproven: 'refuse', fetch }, call);
  },
};

describe('a signal', () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`ends ${name} at once, and keeps it from beginning`, async () => {
      const opened = await openSilent();
      const abort = new AbortController();
      const { signal } = abort;
      const result = call(opened, { signal });
      while (opened.primary.questions === 0) await new Promise(setImmediate);
      abort.abort(new Error('enough'));
      await assert.rejects(result, /^Error: enough$/);
      const { questions } = opened.primary;
      await assert.rejects(call(opened, { signal }), /^Error: enough$/);
      await new Promise(setImmediate);
      assert.equal(opened.primary.questions, questions, 'nobody is asked any more');
      assert.deepEqual(getEventListeners(signal, 'abort'), []);
    });
  }
});
