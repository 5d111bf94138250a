/** A failing plan as the text of a test file that fails until the mistake is mended. */
import type { Failure } from './failure.ts';
import type { BlockPlan } from './operation.ts';

export interface FoundFailure {
  readonly seed: string;
  readonly plan: readonly BlockPlan[];
  readonly failure: Failure;
  readonly checkGas?: boolean;
  /** Where the composition comes from, as a test of the project imports it. */
  readonly composition?: { readonly file: string; readonly name: string };
}

const DEPIND = { file: '../sim/composition.ts', name: 'depindComposition' };

/** A file to be saved as `test/<name>.test.ts`. */
export function asTest(found: FoundFailure): string {
  const { seed, plan, failure, checkGas, composition = DEPIND } = found;
  const title = oneLine(`${failure.kind}: ${failure.text}`).slice(0, 160);
  const options = checkGas ? ', { checkGas: true }' : '';
  return `import assert from 'node:assert/strict';
import { ${composition.name} } from '${composition.file}';
import type { BlockPlan } from '../sim/operation.ts';
import { replay } from '../sim/simulate.ts';

const PLAN: readonly BlockPlan[] = ${JSON.stringify(plan, null, 2)};

describe('a failure that the simulator found with seed ${oneLine(seed)}', () => {
  it(${JSON.stringify(title)}, async () => {
    assert.equal(await replay(await ${composition.name}(), PLAN${options}), undefined);
  });
});
`;
}

const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').replace(/'/g, '');
