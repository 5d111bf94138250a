/**
 * What a simulation has seen of the state, as flat records: the objects of every list in an exported genesis, and
 * what messages and events answered. Fields of messages are filled from records whose names fit.
 */
import type { JsonObject, JsonValue } from '../chain/descriptors/index.ts';

export type Scalar = string | number | boolean;

/** One object, with nested objects taken apart: `deposit.amount` is under `deposit_amount`. */
export interface KnownRecord {
  /** Such as `compute.orders`. */
  readonly collection: string;
  readonly values: ReadonlyMap<string, Scalar>;
  readonly json: JsonObject;
}

/** A place where values of a field may be found. */
export interface Slot {
  readonly collection: string;
  readonly leaf: string;
  /** 3: the same name; 2: the same thing under another name; 1: something like it. */
  readonly score: number;
}

/** Records kept of a collection: the newest and a few of the others. */
const MAX_RECORDS = 48;
const MAX_LEAVES = 40;
const MAX_DEPTH = 6;
/** Leaves that name the object they stand in. */
const NAMING = new Set(['id', 'name', 'number', 'key', 'hash', 'address', 'index', 'symbol']);

export class Knowledge {
  readonly #records = new Map<string, KnownRecord[]>();
  readonly #json = new Map<string, JsonObject[]>();
  #slots = new Map<string, readonly Slot[]>();
  #leaves = new Map<string, Set<string>>();

  /** Objects of a collection as they stood when the state was last looked at. */
  objects(collection: string): readonly JsonObject[] {
    return this.#json.get(collection) ?? [];
  }

  records(collection: string): readonly KnownRecord[] {
    return this.#records.get(collection) ?? [];
  }

  /** Takes in a module's section of an exported genesis, in place of what was known of it. */
  learnSection(module: string, section: JsonObject): void {
    const found = new Map<string, KnownRecord[]>();
    collect(section, { collection: module, inherited: new Map(), found, depth: 0 });
    for (const [collection, records] of found) {
      const kept = sample(records);
      this.#records.set(collection, kept);
      this.#json.set(
        collection,
        kept.map(({ json }) => json),
      );
      this.#noteLeaves(collection, kept);
    }
  }

  /** Takes in one more object, such as an answer; old ones make room. */
  learnRecord(collection: string, json: JsonObject): void {
    const values = new Map<string, Scalar>();
    flatten(json, '', values);
    if (values.size === 0) return;
    const record = { collection, values, json };
    const records = [...(this.#records.get(collection) ?? []).slice(1 - MAX_RECORDS), record];
    this.#records.set(collection, records);
    this.#noteLeaves(collection, [record]);
  }

  /** Where values of a field of that name may be found, the module's own collections first in score. */
  slotsFor(field: string): readonly Slot[] {
    let slots = this.#slots.get(field);
    if (slots === undefined) {
      slots = [...this.#leaves].flatMap(([collection, leaves]) =>
        [...leaves].flatMap((leaf) => {
          const score = fitness(field, collection, leaf);
          return score > 0 ? [{ collection, leaf, score }] : [];
        }),
      );
      this.#slots.set(field, slots);
    }
    return slots;
  }

  #noteLeaves(collection: string, records: readonly KnownRecord[]): void {
    let leaves = this.#leaves.get(collection);
    if (leaves === undefined) {
      leaves = new Set();
      this.#leaves.set(collection, leaves);
    }
    const before = leaves.size;
    for (const { values } of records) {
      for (const leaf of values.keys()) if (leaves.size < MAX_LEAVES) leaves.add(leaf);
    }
    if (leaves.size !== before) this.#slots = new Map();
  }
}

interface Collecting {
  readonly collection: string;
  /** Values of the objects around. */
  readonly inherited: ReadonlyMap<string, Scalar>;
  readonly found: Map<string, KnownRecord[]>;
  readonly depth: number;
}

/** Every object is a record of its own, which knows what stands around it. */
function collect(json: JsonObject, into: Collecting): void {
  const values = new Map(into.inherited);
  flatten(json, '', values);
  if (into.depth > 0 && values.size > 0) {
    const records = into.found.get(into.collection) ?? [];
    records.push({ collection: into.collection, values, json });
    into.found.set(into.collection, records);
  }
  if (into.depth >= MAX_DEPTH) return;
  for (const [name, value] of Object.entries(json)) {
    const collection = `${into.collection}.${name}`;
    // What stands beside a list of the section itself belongs to all of it and to none.
    const inherited = into.depth === 0 ? into.inherited : values;
    const inner = { ...into, collection, inherited, depth: into.depth + 1 };
    if (Array.isArray(value)) {
      for (const each of value) if (isObject(each)) collect(each, inner);
    } else if (isObject(value)) {
      collect(value, { ...inner, inherited: into.inherited });
    }
  }
}

function flatten(json: JsonObject, prefix: string, values: Map<string, Scalar>): void {
  for (const [name, value] of Object.entries(json)) {
    if (name === '@type') continue;
    if (isObject(value)) flatten(value, `${prefix}${name}_`, values);
    else if (value !== null && !Array.isArray(value)) values.set(prefix + name, value);
  }
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The newest half of what is kept, and as many from the whole list at equal steps. */
function sample(records: readonly KnownRecord[]): KnownRecord[] {
  if (records.length <= MAX_RECORDS) return [...records];
  const half = MAX_RECORDS / 2;
  const step = (records.length - half) / half;
  const spread = Array.from({ length: half }, (_, i) => records[Math.floor(i * step)]!);
  return [...spread, ...records.slice(-half)];
}

/** How well a leaf of a collection fits a field of a message; 0 not at all. */
export function fitness(field: string, collection: string, leaf: string): number {
  const thing = singular(collection.slice(collection.lastIndexOf('.') + 1));
  if (leaf === field) return 3;
  const last = leaf.slice(leaf.lastIndexOf('_') + 1);
  if (`${thing}_${leaf}` === field) return 3;
  if (NAMING.has(last)) {
    if (thing === field || field.endsWith(`_${thing}`)) return 2;
    if (field.startsWith(`${thing}_`) && field.endsWith(`_${last}`)) return 2;
  }
  if (leaf.endsWith(`_${field}`) || field.endsWith(`_${leaf}`)) return leaf.length > 2 ? 1 : 0;
  return 0;
}

function singular(name: string): string {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(ch|sh|ss|x)es$/.test(name)) return name.slice(0, -2);
  return name.endsWith('s') ? name.slice(0, -1) : name;
}
