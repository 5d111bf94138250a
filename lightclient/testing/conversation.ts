/** What a node answered over HTTP, repeated for tests with one value changed. */

/** Parsed JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The place of each text, number and truth value of an answer, but for those under the names left out. */
export function* leaves(
  json: Json,
  without: ReadonlySet<string>,
  path: readonly string[] = [],
): Generator<readonly string[]> {
  if (json === null || json === '') return;
  if (typeof json !== 'object') yield path;
  else {
    for (const [key, value] of Object.entries(json)) {
      if (!without.has(key)) yield* leaves(value, without, [...path, key]);
    }
  }
}

/** The answer with the value at `path` changed to another of the same kind. */
export function withChange(json: Json, [key, ...rest]: readonly string[], at: number): Json {
  if (key === undefined) return changed(json, at);
  const copy = structuredClone(json) as Record<string, Json>;
  copy[key] = withChange(copy[key]!, rest, at);
  return copy;
}

function changed(leaf: Json, at: number): Json {
  if (typeof leaf === 'number') return leaf + 1;
  if (typeof leaf === 'boolean') return !leaf;
  const text = leaf as string;
  const place = at % text.length;
  const next: Readonly<Record<string, string>> = {
    '9': '0',
    F: 'A',
    f: 'a',
    Z: 'A',
    z: 'a',
    '=': 'A',
  };
  const before = text[place]!;
  const after = next[before] ?? String.fromCharCode(before.charCodeAt(0) + 1);
  return text.slice(0, place) + after + text.slice(place + 1);
}

/** What a node answered, by what it was asked. */
export class Conversation {
  readonly answers = new Map<string, Json>();

  /** Asks the node, and keeps what it says. */
  readonly record = async (url: string, request: RequestInit): Promise<Response> => {
    const response = await fetch(url, request);
    const json = (await response.json()) as Json;
    this.answers.set(String(request.body), json);
    return Response.json(json);
  };

  /** Repeats what was said, but for one answer. */
  replay(changedRequest?: string, answer?: Json) {
    return async (_url: string, { body }: RequestInit): Promise<Response> => {
      const isChanged = body === changedRequest && answer !== undefined;
      return Response.json(isChanged ? answer : (this.answers.get(String(body)) ?? {}));
    };
  }
}
