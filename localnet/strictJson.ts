/**
 * JSON with what JSON.parse lets through refused: a member that stands twice, nesting without bound. It also
 * keeps the source text of a member, so that numbers in it stay as they were written.
 */

/** Deepest nesting that is read. */
export const MAX_JSON_DEPTH = 128;

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Scope {
  readonly isObject: boolean;
  readonly path: string;
  readonly names: Set<string>;
  /** The name or index of the member being read. */
  member: string | number;
  awaitsName: boolean;
}

/**
 * The value of a JSON text.
 * @throws TypeError naming `title` for a text that is not JSON, begins with a byte order mark, nests deeper
 * than MAX_JSON_DEPTH or holds a member twice (the path of the member is named).
 */
export function parseStrictJson(text: string, title: string): unknown {
  if (text.startsWith('\ufeff')) {
    throw new TypeError(`${title}: expected JSON without a byte order mark at its start`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`${title}: expected JSON: ${reason}`, { cause });
  }
  checkMembers(text, title);
  return value;
}

/** Walks the tokens of a text that is JSON already. */
function checkMembers(text: string, title: string): void {
  const scopes: Scope[] = [];
  for (const match of text.matchAll(TOKENS)) {
    const token = match[0];
    const scope = scopes[scopes.length - 1];
    if (token === '{' || token === '[') {
      if (scopes.length === MAX_JSON_DEPTH) {
        throw new TypeError(`${title}: expected at most ${MAX_JSON_DEPTH} levels of nesting`);
      }
      scopes.push(openScope(token === '{', scope ? pathOf(scope) : title));
    } else if (token === '}' || token === ']') {
      scopes.pop();
    } else if (token === ',' && scope) {
      if (scope.isObject) scope.awaitsName = true;
      else scope.member = Number(scope.member) + 1;
    } else if (token.startsWith('"') && scope?.awaitsName) {
      nameMember(scope, String(JSON.parse(token)));
    }
  }
}

function openScope(isObject: boolean, path: string): Scope {
  return { isObject, path, names: new Set(), member: isObject ? '' : 0, awaitsName: isObject };
}

function nameMember(scope: Scope, name: string): void {
  scope.member = name;
  if (scope.names.has(name)) throw new TypeError(`${pathOf(scope)}: stands twice`);
  scope.names.add(name);
  scope.awaitsName = false;
}

function pathOf(scope: Scope): string {
  return scope.isObject ? `${scope.path}.${scope.member}` : `${scope.path}[${scope.member}]`;
}

/** The source text of a member of the outermost object, or undefined. The text must have been parsed before. */
export function memberSource(text: string, name: string): string | undefined {
  let depth = 0;
  let start = -1;
  let previous = '';
  for (const match of text.matchAll(TOKENS)) {
    const token = match[0];
    if (start >= 0 && depth === 1 && (token === ',' || token === '}')) {
      return text.slice(start, match.index).trim();
    }
    if (depth === 1 && token === ':' && start < 0 && JSON.parse(previous) === name) {
      start = match.index + 1;
    }
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (token.startsWith('"')) previous = token;
  }
  return undefined;
}
