/**
 * A genesis derived from what a module declares: its params, and each collection under the field of the same name.
 * Values are written in the order of the `.proto`, those that stand alone before the lists, so that the check of an
 * entry can read them.
 */
import type { ValidatorUpdate } from '../abci/types.ts';
import type { Declarations, InGenesis } from '../state/declarations.ts';
import type { MessageCodec } from '../state/values.ts';
import type { AnyGenesis, Updates } from './definition.ts';
import { type ChainError, sdkError } from './errors.ts';

/** Makes the error that refuses an entry: the field of the entry, and what is wrong with it. */
export interface Refuse {
  (field: string, words: string): ChainError;
  /** Where a field of the entry stands, as `stations[3].cell`: for checks that name fields themselves. */
  at(field: string): string;
}

type EntryOf<L> = L extends readonly (infer E)[] ? E : NonNullable<L>;

/** A field that is not a collection as it stands: read and written by hand. */
export interface OwnField<F, C, V> {
  read(view: V): Iterable<EntryOf<F>>;
  write(context: C, entry: EntryOf<F>, refuse: Refuse): void;
}

/** What a module adds to a genesis that is derived. */
export interface DerivedGenesis<G, S extends Declarations, C, V> {
  readonly init?: undefined;
  readonly export?: undefined;
  /** Each field that is named as a collection holds what the collection does. */
  readonly type: MessageCodec<G> & FieldsFit<G, S>;
  /** What a new chain starts with, over the default params and empty collections. */
  readonly default?: Partial<NoInfer<G>>;
  /** Collections that do not stand in the genesis: `start` makes them. */
  readonly omit?: readonly (keyof S)[];
  /** Checks an entry, or a value that stands alone, before it is written. */
  readonly check?: {
    readonly [N in keyof NoInfer<G>]?: (
      context: C,
      entry: EntryOf<NoInfer<G>[N]>,
      refuse: Refuse,
    ) => void;
  };
  readonly own?: { readonly [N in keyof NoInfer<G>]?: OwnField<NoInfer<G>[N], C, V> };
  /** Runs after everything was written. May name the validators that the chain starts with. */
  start?(context: C, genesis: NoInfer<G>): Updates;
}

/** A type error that names the fields whose collections hold something else. */
type FieldsFit<G, S extends Declarations> = [Misfits<G, S>] extends [never]
  ? unknown
  : { readonly 'fields that are not what their collections hold': Misfits<G, S> };

type Misfits<G, S extends Declarations> = {
  [N in keyof G & keyof S]: G[N] extends InGenesis<S>[N] ? never : N;
}[keyof G & keyof S];

/** The parts of a definition that a derived genesis is made of. */
export interface Source {
  readonly name: string;
  readonly state: Declarations;
  readonly params: { readonly default: unknown } | undefined;
  readonly genesis: LooseGenesis;
}

/** A field as the engine calls it: what it holds is checked where the module is declared. */
interface AnyField {
  readonly kind: 'one' | 'list';
  read(opened: unknown): unknown;
  write(opened: unknown, value: unknown): unknown;
}

interface LooseGenesis {
  readonly type: MessageCodec<unknown>;
  readonly default?: object;
  readonly omit?: readonly PropertyKey[];
  readonly check?: Readonly<
    Record<string, (context: never, entry: unknown, refuse: Refuse) => void>
  >;
  readonly own?: Readonly<Record<string, OwnField<unknown[], never, never>>>;
  start?(context: never, genesis: unknown): Updates;
}

interface Scope {
  readonly state: Readonly<Record<string, unknown>>;
  readonly params: unknown;
}

type Writer = (context: never, entry: unknown, refuse: Refuse) => boolean;

interface Field {
  readonly name: string;
  readonly isList: boolean;
  read(view: Scope): unknown;
  readonly write: Writer;
}

/**
 * Derives the functions of a genesis.
 * @throws TypeError naming a collection that stands in no field, or a field that no collection fills.
 */
export function deriveGenesis(source: Source): AnyGenesis {
  const { genesis, params } = source;
  const empty = genesis.type.fromPartial({}) as Readonly<Record<string, unknown>>;
  const fields = fieldsOf(source, empty);
  const singles = fields.filter((field) => !field.isList);
  const lists = fields.filter((field) => field.isList);
  const hasParams = params !== undefined;
  return {
    type: genesis.type,
    name: genesis.type.$type,
    default: { ...empty, ...(hasParams && { params: params.default }), ...genesis.default },
    init(context: never, given: never) {
      const scope = context as { setParams(params: unknown): void };
      const values = given as Readonly<Record<string, unknown>>;
      if (hasParams) scope.setParams(values.params ?? params.default);
      for (const field of [...singles, ...lists]) {
        writeField(source, field, { context, value: values[field.name] });
      }
      return genesis.start?.(context, given) as readonly ValidatorUpdate[] | undefined;
    },
    export: (view: never) =>
      Object.fromEntries(
        [...readFields(view, fields, hasParams)].map(([name, value, isList]) => [
          name,
          isList ? [...(value as Iterable<unknown>)] : value,
        ]),
      ),
    *fields(view: never) {
      for (const [name, value] of readFields(view, fields, hasParams)) yield [name, value];
    },
  };
}

function* readFields(
  view: Scope,
  fields: readonly Field[],
  hasParams: boolean,
): Iterable<readonly [name: string, value: unknown, isList: boolean]> {
  if (hasParams) yield ['params', view.params, false];
  for (const field of fields) yield [field.name, field.read(view), field.isList];
}

interface Given {
  readonly context: never;
  readonly value: unknown;
}

function writeField({ genesis }: Source, field: Field, { context, value }: Given): void {
  const { name, isList, write } = field;
  const check = genesis.check?.[name];
  if (!isList) {
    if (value === undefined) return;
    const refuse = refusal(name);
    check?.(context, value, refuse);
    write(context, value, refuse);
    return;
  }
  (value as readonly unknown[]).forEach((entry, i) => {
    const place = `${name}[${i}]`;
    const refuse = refusal(place);
    check?.(context, entry, refuse);
    let isNew: boolean;
    try {
      isNew = write(context, entry, refuse);
    } catch (error) {
      // A key codec refuses what cannot be a key: the genesis is wrong, not the machine.
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      throw sdkError('invalidRequest', `${place}: ${error.message}`);
    }
    if (!isNew) throw sdkError('invalidRequest', `${place}: stands twice`);
  });
}

function refusal(place: string): Refuse {
  const at = (field: string): string => (field === '' ? place : `${place}.${field}`);
  const refuse = (field: string, words: string): ChainError =>
    sdkError('invalidRequest', `${at(field)}: ${words}`);
  return Object.assign(refuse, { at });
}

/** Every field of the type but the params, with what reads and writes it. */
function fieldsOf(source: Source, empty: Readonly<Record<string, unknown>>): Field[] {
  const { name: module, state, genesis, params } = source;
  const omitted = new Set<PropertyKey>(genesis.omit ?? []);
  const names = Object.keys(empty).filter((name) => name !== 'params' || params === undefined);
  if (params !== undefined && !('params' in empty)) {
    throw new TypeError(`${module}: ${genesis.type.$type} has no field for the params`);
  }
  for (const name of Object.keys(state)) {
    if (omitted.has(name) || names.includes(name)) continue;
    throw new TypeError(`${module}.${name}: ${genesis.type.$type} has no such field; see omit`);
  }
  return names.map((name) => {
    const isList = Array.isArray(empty[name]);
    const own = genesis.own?.[name];
    if (own !== undefined) return { name, isList, ...ownField(own, isList) };
    const declared = omitted.has(name) ? undefined : (state[name]?.genesis as AnyField | undefined);
    if (declared === undefined || (declared.kind === 'list') !== isList) {
      throw new TypeError(
        `${module}.${name}: no collection fills this field of ${genesis.type.$type}; a map needs \`key\``,
      );
    }
    return { name, isList, ...collectionField(name, declared) };
  });
}

function ownField(own: OwnField<unknown[], never, never>, isList: boolean) {
  return {
    read: (view: Scope): unknown => {
      const entries = own.read(view as never);
      return isList ? entries : [...entries][0];
    },
    write: (context: never, entry: unknown, refuse: Refuse): boolean => {
      own.write(context, entry, refuse);
      return true;
    },
  };
}

function collectionField(name: string, declared: AnyField) {
  const opened = (scope: unknown): unknown => (scope as Scope).state[name];
  return {
    read: (view: Scope): unknown => declared.read(opened(view)),
    write: (context: never, entry: unknown): boolean =>
      declared.write(opened(context), entry) !== false || declared.kind === 'one',
  };
}
