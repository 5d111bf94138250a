/**
 * CometBFT's query language for events (libs/pubsub/query): conditions joined by AND, such as
 * `tm.event = 'Tx' AND transfer.amount > 5 AND message.action EXISTS`. Numbers are compared exactly.
 */
import { parseTime } from '../../wire/time.ts';

/** Longest query, as in CometBFT. */
export const MAX_QUERY_LENGTH = 512;

export type Operator = '=' | '<' | '<=' | '>' | '>=' | 'CONTAINS' | 'EXISTS';

export type Operand =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'number'; readonly text: string }
  /** Nanoseconds since 1970. */
  | { readonly type: 'time' | 'date'; readonly time: bigint };

/** One condition; `operand` is absent for EXISTS only. */
export interface Condition {
  readonly tag: string;
  readonly operator: Operator;
  readonly operand?: Operand;
}

/** Attribute values by `<event type>.<attribute key>`. */
export type FlatEvents = ReadonlyMap<string, readonly string[]>;

interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'operator' | 'time' | 'date' | 'end';
  readonly text: string;
  readonly offset: number;
}

const TOKEN =
  /\s*(?:(?<time>TIME [-T:+Z\d]+)|(?<date>DATE [-\d]+)|(?<number>\d+(?:\.\d*)?(?![\p{L}\d_.-]))|(?<word>[\p{L}\p{Nd}_][\p{L}\p{Nd}._-]*)|'(?<string>[^']*)'|(?<operator><=|>=|<|>|=))/uy;
const KEYWORDS: readonly string[] = ['AND', 'EXISTS', 'CONTAINS'];
const LEADING_NUMBER = /^\d+(?:\.\d+)?/;
/** Longer ones are not compared: no amount on a chain comes near. */
const MAX_NUMBER_LENGTH = 200;

/** The conditions of a query. @throws TypeError that names the place of the first mistake. */
export function parseQuery(query: string): Condition[] {
  if (query.length > MAX_QUERY_LENGTH) throw new TypeError('maximum query length exceeded');
  const tokens = tokenize(query);
  const conditions: Condition[] = [];
  let next = 0;
  const take = (): Token => tokens[next++]!;
  for (;;) {
    conditions.push(readCondition(take));
    const joint = take();
    if (joint.kind === 'end') return conditions;
    if (joint.text !== 'AND') throw mistake(joint, 'AND or the end');
  }
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (query.slice(offset).trim() !== '') {
    TOKEN.lastIndex = offset;
    const groups = TOKEN.exec(query)?.groups;
    if (!groups) {
      throw new TypeError(
        `query: invalid input "${query.slice(offset).trim()[0]}" at offset ${offset}`,
      );
    }
    for (const kind of ['time', 'date', 'number', 'word', 'string', 'operator'] as const) {
      const text = groups[kind];
      if (text !== undefined) tokens.push({ kind, text, offset });
    }
    offset = TOKEN.lastIndex;
  }
  // Enough ends for a reader that looks for a whole condition behind the last token.
  const end: Token = { kind: 'end', text: 'the end', offset: query.length };
  return [...tokens, end, end, end];
}

function readCondition(take: () => Token): Condition {
  const tag = take();
  if (tag.kind !== 'word' || KEYWORDS.includes(tag.text)) throw mistake(tag, 'a tag');
  const operator = take();
  if (operator.kind === 'word' && operator.text === 'EXISTS') {
    return { tag: tag.text, operator: 'EXISTS' };
  }
  if (operator.kind === 'word' && operator.text === 'CONTAINS') {
    const text = take();
    if (text.kind !== 'string') throw mistake(text, 'a text in single quotes');
    return { tag: tag.text, operator: 'CONTAINS', operand: { type: 'text', text: text.text } };
  }
  if (operator.kind !== 'operator') throw mistake(operator, 'an operator');
  const operand = readOperand(take());
  if (operand.type === 'text' && operator.text !== '=') {
    throw mistake(operator, '= or CONTAINS before a text');
  }
  return { tag: tag.text, operator: operator.text as Operator, operand };
}

function readOperand(token: Token): Operand {
  switch (token.kind) {
    case 'string':
      return { type: 'text', text: token.text };
    case 'number':
      return { type: 'number', text: token.text };
    case 'time':
      return { type: 'time', time: parseTime(token.text.slice(5), 'query: TIME') };
    case 'date':
      return { type: 'date', time: parseTime(`${token.text.slice(5)}T00:00:00Z`, 'query: DATE') };
    default:
      throw mistake(token, 'a value');
  }
}

function mistake(token: Token, expected: string): TypeError {
  return new TypeError(
    `query: expected ${expected} at offset ${token.offset}, got ${token.text.slice(0, 40)}`,
  );
}

/** Whether one attribute value meets a condition. */
export function valueMatches({ operator, operand }: Condition, value: string): boolean {
  if (!operand) return true;
  if (operand.type === 'text') {
    return operator === 'CONTAINS' ? value.includes(operand.text) : value === operand.text;
  }
  const order =
    operand.type === 'number' ? compareNumber(value, operand.text) : compareTime(value, operand);
  if (order === undefined) return false;
  switch (operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** Whether every condition is met by some value, as for subscriptions. */
export function eventsMatch(conditions: readonly Condition[], events: FlatEvents): boolean {
  return conditions.every((condition) => {
    const values = events.get(condition.tag);
    if (values) return values.some((value) => valueMatches(condition, value));
    // A tag that names an event type alone is met by the event itself, as if it had an empty value.
    const prefix = `${condition.tag}.`;
    const isType = [...events.keys()].some(
      (key) => key.startsWith(prefix) && !key.slice(prefix.length).includes('.'),
    );
    return isType && valueMatches(condition, '');
  });
}

/** Values may carry a unit behind the number ("8atom"). Undefined when there is no number. */
function compareNumber(value: string, limit: string): number | undefined {
  const number = LEADING_NUMBER.exec(value)?.[0];
  if (number === undefined || number.length > MAX_NUMBER_LENGTH) return undefined;
  const [wholeA = '', fractionA = ''] = number.split('.');
  const [wholeB = '', fractionB = ''] = limit.split('.');
  const digits = Math.max(fractionA.length, fractionB.length);
  const a = BigInt(wholeA + fractionA.padEnd(digits, '0'));
  const b = BigInt(wholeB + fractionB.padEnd(digits, '0'));
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareTime(
  value: string,
  operand: { type: 'time' | 'date'; time: bigint },
): number | undefined {
  try {
    const time = parseTime(operand.type === 'date' ? `${value}T00:00:00Z` : value);
    return time === operand.time ? 0 : time < operand.time ? -1 : 1;
  } catch {
    // A value that is no time meets no condition about times.
    return undefined;
  }
}
