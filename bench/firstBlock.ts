/** How long `depind localnet start` takes in a new home, until a client may begin. */
import { type Bench, figureOf } from './support/figure.ts';
import { startProgram } from './support/program.ts';

/** Node's start, keys of four validators, genesis, stores, first block. The build stands already. */
export const firstBlock: Bench = {
  name: 'firstBlock',
  async run({ quick, progress }) {
    const times: number[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const program = await startProgram(['--no-fleet']);
      await program.stop();
      times.push(program.startMs);
      progress(`first block after ${program.startMs.toFixed(0)} ms`);
    }
    return [figureOf({ name: 'first block after start', unit: 'ms', better: 'lower' }, times)];
  },
};
