/**
 * A process that executes a recording again under other conditions, and prints the outcome of each block as JSON.
 * Arguments: the file of the recording, and the composition as `file#export`.
 */
import { readFileSync } from 'node:fs';
import { chooseComposition } from './chosenComposition.ts';
import { freezeAmbience, importInReverse } from './perturb.ts';
import { outcomeOf, recordingFromText } from './recording.ts';

const [recordingFile, compositionText] = process.argv.slice(2);
freezeAmbience();
await importInReverse();
const composition = await (await chooseComposition(compositionText)).make();
const { initChain, blocks } = recordingFromText(readFileSync(recordingFile!, 'utf8'));
const app = await composition.open({ pruning: 'everything' });
await app.initChain(initChain);
const outcomes = [];
for (const block of blocks) {
  const { appHash, txResults } = await app.finalizeBlock(block);
  await app.commit();
  outcomes.push(outcomeOf(appHash, txResults));
}
await app.close();
process.stdout.write(JSON.stringify(outcomes));
