/** The client's process: broadcasts in JSON-RPC batches, several requests at a time. */
import { once } from 'node:events';
import type { SenderJob, SenderOutcome } from './sender.ts';

/** As many calls in a request as the node takes. */
const BATCH = 20;
const IN_FLIGHT = 4;

interface Answer {
  readonly result?: { readonly code: number; readonly log: string };
  readonly error?: { readonly message: string; readonly data?: string };
}

const [job] = (await once(process, 'message')) as [SenderJob];
const bodies = bodiesOf(job);
process.send?.('ready');
await once(process, 'message');
const refused: string[] = [];
const queue = bodies.values();
const work = async (): Promise<void> => {
  for (const body of queue) refused.push(...refusals(await post(body)));
};
await Promise.all(Array.from({ length: IN_FLIGHT }, work));
process.send?.({ refused } satisfies SenderOutcome);

function bodiesOf({ txs }: SenderJob): string[] {
  const bodies: string[] = [];
  for (let start = 0; start < txs.length; start += BATCH) {
    const calls = txs.slice(start, start + BATCH).map((tx, id) => {
      const params = { tx: Buffer.from(tx).toString('base64') };
      return { jsonrpc: '2.0', id, method: 'broadcast_tx_sync', params };
    });
    bodies.push(JSON.stringify(calls));
  }
  return bodies;
}

async function post(body: string): Promise<readonly Answer[]> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(job.url, { method: 'POST', headers, body });
  return (await response.json()) as readonly Answer[];
}

function refusals(answers: readonly Answer[]): string[] {
  return answers.flatMap(({ result, error }) => {
    if (error !== undefined) return [`${error.message}: ${error.data ?? ''}`];
    return result?.code === 0 ? [] : [result?.log ?? 'no result'];
  });
}
