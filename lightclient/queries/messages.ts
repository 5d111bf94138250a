/** Reading and writing the few protobuf messages that SDK queries are made of. */
import { decodeBech32 } from '../../wire/bech32.ts';
import { concatBytes, fromUtf8 } from '../../wire/bytes.ts';
import { keyAfter, prefixEnd } from '../../wire/keys.ts';
import { ProtoReader, ProtoWriter } from '../../wire/protobuf.ts';
import { NotProvableError, type ProvenEntry, type ProvenReads } from '../../wire/provenQuery.ts';

const NO_BYTES = new Uint8Array(0);
const INTEGER = /^(?:0|-?[1-9][0-9]{0,80})$/;
/** Entries of a list when the request names no limit, as in the SDK. */
const DEFAULT_LIMIT = 100n;
/** Each entry costs a proof: longer pages are cut. */
const MAX_LIMIT = 200n;

/** The last value of each field, as protobuf takes them; repeated fields are not read this way. */
export class Fields {
  readonly #bytes = new Map<number, Uint8Array>();
  readonly #numbers = new Map<number, bigint>();
  readonly #title: string;

  /** @throws TypeError when the bytes are no protobuf message. */
  constructor(message: Uint8Array, title: string) {
    this.#title = title;
    const reader = new ProtoReader(message, title);
    while (!reader.done) {
      const { number, wireType, value, bytes } = reader.field();
      if (wireType === 0) this.#numbers.set(number, value);
      else if (wireType === 2) this.#bytes.set(number, bytes);
    }
  }

  bytes(field: number): Uint8Array {
    return this.#bytes.get(field) ?? NO_BYTES;
  }

  text(field: number): string {
    return fromUtf8(this.bytes(field), `${this.#title} field ${field}`);
  }

  number(field: number): bigint {
    return this.#numbers.get(field) ?? 0n;
  }

  /** An integer in decimal text. @throws TypeError for another text. */
  integer(field: number): bigint {
    const text = this.text(field);
    if (INTEGER.test(text)) return BigInt(text);
    throw new TypeError(`${this.#title} field ${field}: expected an integer, got "${text}"`);
  }

  /** The bytes of a bech32 address. @throws TypeError for another text. */
  address(field: number): Uint8Array {
    return decodeBech32(this.text(field), `${this.#title} field ${field}`).bytes;
  }
}

/** cosmos.base.v1beta1.Coin. */
export function encodeCoin(denom: string, amount: bigint | string): Uint8Array {
  return new ProtoWriter().string(1, denom).string(2, `${amount}`).finish();
}

/** A prefix and an address behind its length, as the SDK's keys hold addresses. */
export function addressKey(prefix: number, ...addresses: readonly Uint8Array[]): Uint8Array {
  const parts = addresses.flatMap((address) => [Uint8Array.of(address.length), address]);
  return concatBytes(Uint8Array.of(prefix), ...parts);
}

/** A page of a list, with the protobuf PageResponse that goes on from it. */
export interface ProvenPage {
  /** Keys without the prefix. */
  readonly entries: readonly ProvenEntry[];
  readonly pagination: Uint8Array;
}

/** Which list, and which part of it. */
export interface PageClaim {
  readonly store: string;
  readonly prefix: Uint8Array;
  /** A cosmos.base.query.v1beta1.PageRequest. */
  readonly request: Uint8Array;
  /** Entries that do not count, as if they were not there. @default all count */
  readonly isWanted?: (value: Uint8Array) => boolean;
}

/**
 * The entries under a prefix that a request asks for, with the next key and total that the SDK gives
 * (types/query/pagination.go, filtered_pagination.go).
 * @throws NotProvableError for offset and reverse: what lies before is not read.
 */
export async function provenPage(state: ProvenReads, claim: PageClaim): Promise<ProvenPage> {
  const { prefix } = claim;
  const asked = new Fields(claim.request, 'pagination');
  if (asked.number(2) !== 0n || asked.number(5) !== 0n) {
    throw new NotProvableError('pagination: expected key and limit only, got offset or reverse');
  }
  const wanted = asked.number(3) === 0n ? DEFAULT_LIMIT : asked.number(3);
  const limit = Number(wanted < MAX_LIMIT ? wanted : MAX_LIMIT);
  const from = asked.bytes(1);
  const { entries, next } = await readPage(state, claim, { from, limit });
  const pagination = new ProtoWriter().bytes(1, next ?? NO_BYTES);
  // As the SDK counts: when it is asked to, or no limit is named. Of a list that goes on the total stays open.
  const isCounted = asked.number(4) !== 0n || asked.number(3) === 0n;
  const isWhole = from.length === 0 && next === undefined;
  if (isCounted && isWhole) pagination.varint(2, entries.length);
  return {
    entries: entries.map(([key, value]) => [key.subarray(prefix.length), value]),
    pagination: pagination.finish(),
  };
}

interface PagePlace {
  readonly from: Uint8Array;
  readonly limit: number;
}

/** Up to the limit of wanted entries, and the key, without the prefix, of the one after them. */
async function readPage(
  state: ProvenReads,
  { store, prefix, isWanted = () => true }: PageClaim,
  { from, limit }: PagePlace,
): Promise<{ readonly entries: readonly ProvenEntry[]; readonly next: Uint8Array | undefined }> {
  const entries: ProvenEntry[] = [];
  const end = prefixEnd(prefix);
  for (let start = concatBytes(prefix, from); ; ) {
    const missing = limit + 1 - entries.length;
    const found = await state.range(store, { start, end, limit: missing });
    for (const [key, value] of found) {
      // A page that goes on from a key ends at the next entry of all, another one at the next that is wanted.
      const isFull = entries.length === limit;
      if (isFull && (from.length > 0 || isWanted(value))) {
        return { entries, next: key.subarray(prefix.length) };
      }
      if (isWanted(value)) entries.push([key, value]);
    }
    const last = found.at(-1);
    if (last === undefined || found.length < missing) return { entries, next: undefined };
    start = keyAfter(last[0]);
  }
}
