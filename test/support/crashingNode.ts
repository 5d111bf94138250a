/**
 * A process that runs the blocks of the crash tests on a folder and kills itself, or waits to be killed.
 * Arguments: folder, file of blocks, write point, height of the point, microseconds after it.
 * It tells a line a step, written at once: `ready`, then `finalized <height>` and `committed <height>`.
 */
import { readFileSync, writeSync } from 'node:fs';
import { openDepind } from '../../modules/app.ts';
import { blocksFromText } from './crashBlocks.ts';

const [path = '', file = '', point = '', at = '', delayUs = '0'] = process.argv.slice(2);

function tell(line: string): void {
  writeSync(1, `${line}\n`);
}

function dieHere(name: string, height: bigint): void {
  if (name !== point || height !== BigInt(at)) return;
  const end = process.hrtime.bigint() + BigInt(delayUs) * 1000n;
  while (process.hrtime.bigint() < end);
  process.kill(process.pid, 'SIGKILL');
}

const { initChain, blocks } = blocksFromText(readFileSync(file, 'utf8'));
const app = await openDepind({ store: { path, imageLogBytes: 2000 }, pruning: 'everything' });
await app.initChain(initChain);
tell('ready');
for (const request of blocks) {
  dieHere('begun', request.height);
  await app.finalizeBlock(request);
  tell(`finalized ${request.height}`);
  dieHere('finalized', request.height);
  const committing = app.commit();
  dieHere('writing', request.height);
  await committing;
  tell(`committed ${request.height}`);
  dieHere('committed', request.height);
}
tell('done');
setInterval(() => {}, 1000);
