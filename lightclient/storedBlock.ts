/**
 * The text of a stored block: the JSON of a light block, in lines. Priorities, which change with every block, stand
 * apart from the validators: a set that stays is the same line in every block, which a store may keep once.
 */
import { MAX_VALIDATORS } from '../wire/commit.ts';
import { signedHeaderToJson, validatorToJson } from '../wire/json/encode.ts';
import { readInt64, readList, readObject, readOptional } from '../wire/json/read.ts';
import type { Validator } from '../wire/types.ts';
import { sortValidators } from '../wire/validatorSet.ts';
import { lightBlockFromJson } from './lightBlockJson.ts';
import type { LightBlock } from './types.ts';

/** Longest stored text that is read, in UTF-16 units: two sets of 10,000 validators and their votes fit. */
const MAX_TEXT_LENGTH = 20_000_000;

const readPriorities = /* @__PURE__ */ readOptional(readList(readInt64, MAX_VALIDATORS), []);

/** The text of a block, without its next validators where they are the same. */
export function textOfBlock({ signedHeader, validators, nextValidators }: LightBlock): string {
  const parts = {
    signed_header: signedHeaderToJson(signedHeader),
    ...partsOf(validators, ''),
    ...(validators === nextValidators ? {} : partsOf(nextValidators, 'next_')),
  };
  const lines = Object.entries(parts).map(
    ([name, part]) => `"${name}":\n${JSON.stringify(part)}\n`,
  );
  return `{${lines.join(',')}}`;
}

function partsOf(members: readonly Validator[], prefix: string) {
  const sorted = sortValidators(members);
  const validators = sorted.map((each) => validatorToJson({ ...each, proposerPriority: 0n }));
  return {
    [`${prefix}validator_set`]: { validators },
    [`${prefix}priorities`]: sorted.map(({ proposerPriority }) => `${proposerPriority}`),
  };
}

/** The block of a text; also of the whole JSON of a light block. @throws SyntaxError, TypeError or RangeError. */
export function blockOfText(text: string): LightBlock {
  const json: unknown = JSON.parse(text);
  const field = readObject(json, 'stored block');
  const hasNext = Object.hasOwn(json as object, 'next_validator_set');
  const read = lightBlockFromJson(
    hasNext ? json : { ...(json as object), next_validator_set: { validators: [] } },
  );
  const validators = prioritised(read.validators, field('priorities', readPriorities));
  const nextValidators = hasNext
    ? prioritised(read.nextValidators, field('next_priorities', readPriorities))
    : validators;
  return { ...read, validators, nextValidators };
}

function prioritised(members: readonly Validator[], priorities: readonly bigint[]): Validator[] {
  return members.map((each, index) => ({
    ...each,
    proposerPriority: priorities[index] ?? each.proposerPriority,
  }));
}

/** The block of a stored text, or undefined when it holds none. */
export function storedBlockOf(text: string): LightBlock | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined;
  try {
    return blockOfText(text);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
