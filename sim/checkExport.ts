/** The exported state of a chain must start another one that exports the same and whose invariants hold. */
import type { ChainApplication } from '../chain/app/application.ts';
import type { JsonObject, JsonValue } from '../chain/descriptors/index.ts';
import { type AnyDefinition, NO_GENESIS } from '../chain/module/defineModule.ts';
import { equalBytes, toUtf8 } from '../wire/bytes.ts';
import type { SimulatedChain } from './chain.ts';
import type { Failure } from './failure.ts';

/** Exports, imports into a new application, and exports again. */
export async function checkExport(chain: SimulatedChain): Promise<Failure | undefined> {
  const height = chain.height;
  if (height === 0n) return undefined;
  const exported = chain.app.exportGenesis();
  const copy = await chain.composition.open({ invariantsEvery: 1n, pruning: 'everything' });
  try {
    await copy.initChain({
      ...chain.initRequest,
      initialHeight: height + 1n,
      time: chain.nextTimeMs(0) * 1_000_000n,
      appStateBytes: toUtf8(JSON.stringify(exported)),
    });
    await copy.commit();
    const difference = firstDifference(exported, copy.exportGenesis(), 'app_state');
    if (difference !== undefined) {
      return { kind: 'export', text: `exported again after import: ${difference}`, height };
    }
    const query = await differingQuery(chain.app, copy);
    if (query === undefined) return undefined;
    return { kind: 'export', text: `a query answers otherwise after import: ${query}`, height };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { kind: 'export', text: `import of the exported state: ${text}`, height };
  } finally {
    await copy.close();
  }
}

/** The first query that both are asked without arguments and answer differently, such as a list or parameters. */
async function differingQuery(
  before: ChainApplication,
  after: ChainApplication,
): Promise<string | undefined> {
  const data = new Uint8Array(0);
  const forgotten = before.modules.modules.filter(({ definition }) => isForgotten(definition));
  const services = forgotten.map(({ definition }) => `/${definition.query?.fullName}/`);
  for (const path of before.router.queryPaths) {
    if (services.some((service) => path.startsWith(service))) continue;
    const [was, is] = await Promise.all(
      [before, after].map((app) => app.query({ path, data, height: 0n, prove: false })),
    );
    if (was!.code !== is!.code || !equalBytes(was!.value, is!.value)) return path;
  }
  return undefined;
}

/** Whether an export leaves the module's state out, as the SDK does with plans of upgrades. */
const isForgotten = ({ genesis }: AnyDefinition): boolean => genesis.name === NO_GENESIS.type.$type;

/** Where two JSON values differ first, with both values; undefined when they are equal. */
export function firstDifference(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
): string | undefined {
  if (isObject(before) && isObject(after)) return ofObjects(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let i = 0; i < length; i++) {
      const difference = firstDifference(before[i], after[i], `${path}[${i}]`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (before === after) return undefined;
  return `${path} was ${shown(before)}, is ${shown(after)}`;
}

function ofObjects(before: JsonObject, after: JsonObject, path: string): string | undefined {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const difference = firstDifference(before[name], after[name], `${path}.${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: JsonValue | undefined): string =>
  value === undefined ? 'absent' : JSON.stringify(value).slice(0, 120);
