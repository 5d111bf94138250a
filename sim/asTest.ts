/** A failing plan as the text of a test file that fails until the mistake is mended. */
import type { Failure } from './failure.ts';
import type { BlockPlan } from './operation.ts';

export interface FoundFailure {
  readonly seed: string;
  readonly plan: readonly BlockPlan[];
  readonly failure: Failure;
  readonly checkGas?: boolean;
}

/** A file to be saved as `test/<name>.test.ts`. */
export function asTest({ seed, plan, failure, checkGas }: FoundFailure): string {
  const title = oneLine(`${failure.kind}: ${failure.text}`).slice(0, 160);
  const options = checkGas ? ', { checkGas: true }' : '';
  return `import assert from 'node:assert/strict';
import { depindComposition } from '../sim/composition.ts';
import type { BlockPlan } from '../sim/operation.ts';
import { replay } from '../sim/simulate.ts';

const PLAN: readonly BlockPlan[] = ${JSON.stringify(plan, null, 2)};

describe('a failure that the simulator found with seed ${oneLine(seed)}', () => {
  it(${JSON.stringify(title)}, async () => {
    assert.equal(await replay(await depindComposition(), PLAN${options}), undefined);
  });
});
`;
}

const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').replace(/'/g, '');
