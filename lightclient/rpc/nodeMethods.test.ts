/** Calls that are for the node alone: what is sent, and what of its answer is passed on. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { txHash } from '../../wire/block.ts';
import { toBase64, toHex, toUtf8 } from '../../wire/bytes.ts';
import type { LightClient } from '../lightClient.ts';
import { ProviderError } from '../provider.ts';
import { Arguments } from './arguments.ts';
import { nodeMethods } from './nodeMethods.ts';
import { UnprovenError } from './policy.ts';
import type { Scope } from './scope.ts';

type Params = Readonly<Record<string, unknown>>;

/** Handles a call over a node that answers all with one thing, and tells what it was asked. */
async function call(method: string, params: Params, served: unknown, marked: string[] = []) {
  const asked: Params[] = [];
  const scope: Scope = {
    chainId: 'test-chain-1',
    client: {} as LightClient,
    queries: () => undefined,
    async ask(name, given, read) {
      asked.push({ method: name, ...given });
      return read(served);
    },
    keeps: (subject) => marked.includes(subject),
  };
  try {
    const handled = await nodeMethods[method]!.handle(scope, new Arguments(params));
    return { handled, asked, error: undefined };
  } catch (error) {
    return { handled: undefined, asked, error };
  }
}

const tx = toBase64(toUtf8('tx'));
const hash = toHex(txHash(toUtf8('tx'))).toUpperCase();

describe('Methods of a verifying RPC that are for the node', () => {
  it('sends a transaction, and says that its answer is the word of the node', async () => {
    for (const method of ['broadcast_tx_sync', 'broadcast_tx_async']) {
      const { handled, asked } = await call(method, { tx }, { code: 0, hash });
      assert.deepEqual(handled?.result, { code: 0, hash });
      assert.deepEqual([handled?.proven, asked], ['none', [{ method, tx }]]);
      const other = await call(method, { tx }, { code: 0, hash: '00'.repeat(32) });
      assert.ok(other.error instanceof ProviderError, 'of another transaction');
    }
  });

  it('sends none whose result would be the word of the node, but where that is let through', async () => {
    const method = 'broadcast_tx_commit';
    const { error, asked } = await call(method, { tx }, { hash });
    assert.ok(error instanceof UnprovenError);
    assert.match(
      error.message,
      /only a later header proves what came of it: send it by broadcast_/,
    );
    assert.deepEqual(asked, []);
    const told = { hash, height: '5', tx_result: { code: 0 } };
    const marked = await call(method, { tx }, told, [method]);
    assert.deepEqual([marked.handled?.result, marked.handled?.proven], [told, 'none']);
  });

  it('sends evidence, and nothing that is none', async () => {
    const pieces = ['evidence.json', 'comet1Evidence.json'].flatMap((file) => {
      const path = new URL(`../../wire/vectors/${file}`, import.meta.url);
      const vectors = JSON.parse(readFileSync(path, 'utf8')) as {
        block: { evidence: { evidence: object[] } };
      }[];
      return vectors.flatMap(({ block }) => block.evidence.evidence);
    });
    assert.ok(pieces.length > 1);
    const method = 'broadcast_evidence';
    for (const evidence of pieces) {
      const { handled, asked } = await call(method, { evidence }, { hash });
      assert.deepEqual(handled?.result, { hash });
      assert.deepEqual([handled?.proven, asked], ['none', [{ method, evidence }]]);
    }
    for (const evidence of [undefined, null, 'x', {}, { ...pieces[0], type: 'other' }]) {
      const { error, asked } = await call(method, { evidence }, { hash });
      assert.ok(error instanceof TypeError, String(error));
      assert.deepEqual(asked, []);
    }
  });

  it('passes on what nothing proves only where that is let through', async () => {
    const methods = ['genesis', 'net_info', 'consensus_state', 'dump_consensus_state', 'check_tx'];
    for (const method of methods) {
      assert.ok((await call(method, {}, {})).error instanceof UnprovenError, method);
      const { handled } = await call(method, {}, { told: 1 }, [method]);
      assert.deepEqual([handled?.result, handled?.proven], [{ told: 1 }, 'none'], method);
    }
  });
});
