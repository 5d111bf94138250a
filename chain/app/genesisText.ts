/**
 * The exported state as text, piece by piece: what is in memory at a time does not grow with the state, where the
 * modules give their genesis field by field.
 */
import { type Descriptors, type JsonObject, toJson } from '../descriptors/index.ts';
import type { Module } from '../module/defineModule.ts';
import type { Frame } from '../module/frame.ts';
import type { ModuleSet } from '../module/moduleSet.ts';

/** Entries of a list that become text together. */
const ENTRIES_A_PIECE = 128;

interface Exporting {
  readonly modules: ModuleSet;
  readonly descriptors: Descriptors;
}

/** The text of the `app_state`, the same JSON as `exportGenesis` gives. Reads while it is walked. */
export function* genesisText({ modules, descriptors }: Exporting, frame: Frame): Iterable<string> {
  let separator = '{';
  for (const module of modules.modules) {
    yield `${separator}${JSON.stringify(module.name)}:`;
    yield* sectionText(descriptors, module, modules.view(module, frame));
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function* sectionText(descriptors: Descriptors, module: Module, view: never): Iterable<string> {
  const { genesis } = module.definition;
  const section = (state: unknown): JsonObject =>
    toJson(descriptors, genesis.name, genesis.type.encode(state).finish()) as JsonObject;
  if (genesis.fields === undefined) {
    yield JSON.stringify(section(genesis.export(view)));
    return;
  }
  const empty = genesis.type.fromPartial({}) as Readonly<Record<string, unknown>>;
  const values = new Map(genesis.fields(view));
  let separator = '{';
  for (const { name, camelName } of descriptors.schema(genesis.name).declared) {
    const value = values.get(camelName);
    yield `${separator}${JSON.stringify(name)}:`;
    separator = ',';
    const json = (given: unknown) => section({ ...empty, [camelName]: given })[name] ?? null;
    if (Array.isArray(empty[camelName])) yield* listText((value ?? []) as Iterable<unknown>, json);
    else yield JSON.stringify(json(value));
  }
  yield separator === '{' ? '{}' : '}';
}

function* listText(
  entries: Iterable<unknown>,
  json: (entries: readonly unknown[]) => unknown,
): Iterable<string> {
  let separator = '';
  let piece: unknown[] = [];
  const text = (): string => {
    const items = JSON.stringify(json(piece)).slice(1, -1);
    const written = separator + items;
    separator = ',';
    piece = [];
    return written;
  };
  yield '[';
  for (const entry of entries) {
    piece.push(entry);
    if (piece.length === ENTRIES_A_PIECE) yield text();
  }
  if (piece.length > 0) yield text();
  yield ']';
}
