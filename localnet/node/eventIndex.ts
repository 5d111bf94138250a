/**
 * Finds transactions or blocks by the attributes of their events, as CometBFT's indexer does: only attributes
 * marked for the index, and all conditions about attributes must be met by one and the same event.
 */
import type { Event } from '../../chain/abci/types.ts';
import { fromUtf8, toHex, toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';
import { type Change, type Database, heightKey } from './database.ts';
import { type Condition, valueMatches } from './query.ts';

/** Longer values stand under their hash, so that keys stay short. */
const MAX_VALUE_IN_KEY = 512;
/** Most entries that one search may read. */
export const MAX_SCANNED_ENTRIES = 1_000_000;
const NO_BYTES: Uint8Array = new Uint8Array(0);
const SEPARATOR = '\0';
const AFTER_SEPARATOR = '\x01';

/** Where something stands: a block, or a transaction in it (index 0 for blocks). */
export interface Position {
  readonly height: bigint;
  readonly index: number;
}

export class EventIndex {
  readonly #database: Database;
  readonly #prefix: string;
  readonly #heightTag: string;

  /** `heightTag` is the tag that stands for the height: "tx.height" or "block.height". */
  constructor(database: Database, prefix: string, heightTag: string) {
    this.#database = database;
    this.#prefix = prefix;
    this.#heightTag = heightTag;
  }

  /** The entries to write, or delete again, for one position. */
  entries(position: Position, events: readonly Event[]): { key: string; value: Uint8Array }[] {
    const place = placeKey(position);
    const list = [{ key: this.#key('all', place), value: NO_BYTES }];
    for (const [sequence, event] of events.entries()) {
      if (event.type === '') continue;
      for (const { key, value, index } of event.attributes) {
        if (!index || key === '') continue;
        const tag = JSON.stringify(`${event.type}.${key}`);
        const isLong = value.length > MAX_VALUE_IN_KEY;
        list.push({
          key: this.#key('tag', tag, valueKey(value), place, String(sequence)),
          value: isLong ? toUtf8(value) : NO_BYTES,
        });
      }
    }
    return list;
  }

  /** The same as changes for a batch. */
  puts(position: Position, events: readonly Event[]): Change[] {
    return this.entries(position, events).map((entry) => ({ type: 'put', ...entry }));
  }

  /** The changes that undo `puts`. */
  deletes(position: Position, events: readonly Event[]): Change[] {
    return this.entries(position, events).map(({ key }) => ({ type: 'del', key }));
  }

  /**
   * All positions that meet every condition, in rising order.
   * @throws RangeError when more than MAX_SCANNED_ENTRIES entries would have to be read.
   */
  async search(conditions: readonly Condition[]): Promise<Position[]> {
    const heights = conditions.filter((condition) => condition.tag === this.#heightTag);
    const others = conditions.filter((condition) => condition.tag !== this.#heightTag);
    const atHeight = (place: string): boolean => {
      const height = BigInt(place.split('/')[0]!).toString();
      return heights.every((condition) => valueMatches(condition, height));
    };
    let found: Set<string> | undefined;
    for (const condition of others) {
      const places = await this.#scan(condition, atHeight);
      found = found ? new Set([...found].filter((place) => places.has(place))) : places;
      if (found.size === 0) return [];
    }
    found ??= await this.#all(heights, atHeight);
    const places = new Set([...found].map((place) => place.split(SEPARATOR)[0]!));
    return [...places].sort().map(positionOf);
  }

  /** Place and event of each entry that meets one condition. */
  async #scan(condition: Condition, atHeight: (place: string) => boolean): Promise<Set<string>> {
    const tag = JSON.stringify(condition.tag);
    const { operator, operand } = condition;
    const isExact = operator === '=' && operand?.type === 'text';
    const start = isExact ? this.#key('tag', tag, valueKey(operand.text)) : this.#key('tag', tag);
    const found = new Set<string>();
    await this.#each(start, (key, value) => {
      const [, , , inKey = '', place = '', sequence = ''] = key.split(SEPARATOR);
      const text = value.length > 0 ? fromUtf8(value) : String(JSON.parse(inKey));
      if (atHeight(place) && valueMatches(condition, text)) {
        found.add(`${place}${SEPARATOR}${sequence}`);
      }
    });
    return found;
  }

  async #all(
    heights: readonly Condition[],
    atHeight: (place: string) => boolean,
  ): Promise<Set<string>> {
    const exact = heights.find((c) => c.operator === '=' && c.operand?.type === 'number');
    const text = exact?.operand?.type === 'number' ? exact.operand.text : '';
    const found = new Set<string>();
    const keep = (key: string): void => {
      const place = key.split(SEPARATOR)[2]!;
      if (atHeight(place)) found.add(place);
    };
    // One height is one short scan.
    const isHeight = /^\d{1,19}$/.test(text);
    const end = isHeight ? `${heightKey(BigInt(text))}0` : undefined;
    const begin = isHeight ? `${heightKey(BigInt(text))}/` : '';
    await this.#each(this.#key('all'), keep, { begin, end });
    return found;
  }

  async #each(
    start: string,
    visit: (key: string, value: Uint8Array) => void,
    within: { begin: string; end: string | undefined } = { begin: '', end: undefined },
  ): Promise<void> {
    const { begin, end } = within;
    const range = {
      gte: start + SEPARATOR + begin,
      lt: end === undefined ? start + AFTER_SEPARATOR : start + SEPARATOR + end,
    };
    let read = 0;
    for await (const [key, value] of this.#database.iterator(range)) {
      if (++read > MAX_SCANNED_ENTRIES) {
        throw new RangeError(
          `query: expected at most ${MAX_SCANNED_ENTRIES} entries to read, narrow it by height`,
        );
      }
      visit(key, value);
    }
  }

  #key(...parts: readonly string[]): string {
    return [this.#prefix, ...parts].join(SEPARATOR);
  }
}

/** JSON escapes the separator, so a value can hold anything. */
function valueKey(value: string): string {
  return value.length > MAX_VALUE_IN_KEY
    ? `#${toHex(sha256(toUtf8(value)))}`
    : JSON.stringify(value);
}

function placeKey({ height, index }: Position): string {
  return `${heightKey(height)}/${String(index).padStart(9, '0')}`;
}

function positionOf(place: string): Position {
  const [height = '0', index = '0'] = place.split('/');
  return { height: BigInt(height), index: Number(index) };
}
