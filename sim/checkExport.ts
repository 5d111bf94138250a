/** The exported state of a chain must start another one that exports the same and whose invariants hold. */
import type { ChainApplication } from '../chain/app/application.ts';
import type { JsonObject, JsonValue } from '../chain/descriptors/index.ts';
import { type Module, NO_GENESIS } from '../chain/module/defineModule.ts';
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
    const query = await differingQuery(chain, copy);
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
  { app: before, composition }: SimulatedChain,
  after: ChainApplication,
): Promise<string | undefined> {
  const data = new Uint8Array(0);
  const forgotten = composition.modules.flatMap((module) => forgottenPaths(module, composition));
  for (const path of before.router.queryPaths) {
    if (forgotten.some((start) => path.startsWith(start))) continue;
    const [was, is] = await Promise.all(
      [before, after].map((app) => app.query({ path, data, height: 0n, prove: false })),
    );
    if (was!.code !== is!.code || !equalBytes(was!.value, is!.value)) return path;
  }
  return undefined;
}

/** How the paths of queries begin whose state an export leaves out: all of a module without a genesis. */
function forgottenPaths(
  { name, definition }: Module,
  { simulations }: SimulatedChain['composition'],
): readonly string[] {
  const service = `/${definition.query?.fullName}/`;
  if (definition.genesis.name === NO_GENESIS.type.$type) return [service];
  return (simulations.get(name)?.forgets ?? []).map((method) => `${service}${method}`);
}

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
