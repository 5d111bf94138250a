/**
 * A process that executes a recording again under other conditions, with an estimate of each transaction before, and
 * prints the outcome of each block as JSON.
 * Arguments: the file of the recording, and the composition as `file#export`.
 */
import { readFileSync } from 'node:fs';
import { chooseComposition } from './chosenComposition.ts';
import { freezeAmbience, importInReverse, lendCopies } from './perturb.ts';
import { outcomeOf, recordingFromText } from './recording.ts';

const [recordingFile, compositionText] = process.argv.slice(2);
freezeAmbience();
await importInReverse();
await lendCopies();
const composition = await (await chooseComposition(compositionText)).make();
const { initChain, blocks } = recordingFromText(readFileSync(recordingFile!, 'utf8'));
const app = await composition.open({ pruning: 'everything' });
await app.initChain(initChain);
const simulate = (data: Uint8Array) =>
  app.query({ path: '/app/simulate', data, height: 0n, prove: false });
const outcomes = [];
for (const block of blocks) {
  // What a module keeps outside of the state would notice: other nodes are asked for other estimates.
  if (app.store.version > 0n) for (const tx of block.txs) await simulate(tx);
  const { appHash, txResults } = await app.finalizeBlock(block);
  await app.commit();
  outcomes.push(outcomeOf(appHash, txResults));
}
await app.close();
process.stdout.write(JSON.stringify(outcomes));
