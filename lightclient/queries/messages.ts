/** Reading and writing the few protobuf messages that SDK queries are made of. */
import { decodeBech32 } from '../../wire/bech32.ts';
import { concatBytes, fromUtf8 } from '../../wire/bytes.ts';
import { prefixEnd } from '../../wire/keys.ts';
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

/**
 * The entries under a prefix that a cosmos.base.query.v1beta1.PageRequest asks for.
 * * @throws NotProvableError for offset and reverse: what lies before is not read.
 */
export async function provenPage(
  state: ProvenReads,
  { store, prefix, request }: { store: string; prefix: Uint8Array; request: Uint8Array },
): Promise<ProvenPage> {
  const asked = new Fields(request, 'pagination');
  if (asked.number(2) !== 0n || asked.number(5) !== 0n) {
    throw new NotProvableError('pagination: expected key and limit only, got offset or reverse');
  }
  const wanted = asked.number(3) === 0n ? DEFAULT_LIMIT : asked.number(3);
  const limit = Number(wanted < MAX_LIMIT ? wanted : MAX_LIMIT);
  const start = concatBytes(prefix, asked.bytes(1));
  const found = await state.range(store, { start, end: prefixEnd(prefix), limit: limit + 1 });
  const entries = found.slice(0, limit).map(([key, value]) => [within(key), value] as const);
  const next = found[limit];
  const pagination = new ProtoWriter().bytes(1, next === undefined ? NO_BYTES : within(next[0]));
  // As the SDK counts: when it is asked to, or no limit is named. Of a list that goes on the total stays open.
  const isCounted = asked.number(4) !== 0n || asked.number(3) === 0n;
  const isWhole = start.length === prefix.length && next === undefined;
  if (isCounted && isWhole) pagination.varint(2, entries.length);
  return { entries, pagination: pagination.finish() };

  function within(key: Uint8Array): Uint8Array {
    return key.subarray(prefix.length);
  }
}
