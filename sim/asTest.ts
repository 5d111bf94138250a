/** A failing plan as the text of a test file that fails until the mistake is mended. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Failure } from './failure.ts';
import type { BlockPlan } from './operation.ts';

export interface FoundFailure {
  readonly seed: string;
  readonly plan: readonly BlockPlan[];
  readonly failure: Failure;
  readonly checkGas?: boolean;
  /** Where the composition comes from. */
  readonly composition?: { readonly file: string; readonly name: string };
  /** Where the test will stand. @default test/ */
  readonly folder?: string;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const DEPIND = { file: path('./composition.ts'), name: 'depindComposition' };

/** A file to be saved as `<name>.test.ts` in the folder. */
export function asTest(found: FoundFailure): string {
  const { seed, plan, failure, checkGas, composition = DEPIND } = found;
  const { folder = path('../test') } = found;
  const from = (file: string): string => importPath(folder, file);
  const title = oneLine(`${failure.kind}: ${failure.text}`).slice(0, 160);
  const options = checkGas ? ', { checkGas: true }' : '';
  return `import assert from 'node:assert/strict';
import { ${composition.name} } from '${from(composition.file)}';
import type { BlockPlan } from '${from(path('./operation.ts'))}';
import { replay } from '${from(path('./simulate.ts'))}';

const PLAN: readonly BlockPlan[] = ${JSON.stringify(plan, null, 2)};

describe('a failure that the simulator found with seed ${oneLine(seed)}', () => {
  it(${JSON.stringify(title)}, async () => {
    assert.equal(await replay(await ${composition.name}(), PLAN${options}), undefined);
  });
});
`;
}

/** The file as one in the folder imports it. */
function importPath(folder: string, file: string): string {
  const found = relative(folder, file).replaceAll('\\', '/');
  return found.startsWith('.') ? found : `./${found}`;
}

const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').replace(/'/g, '');
