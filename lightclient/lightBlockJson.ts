/** Light blocks in CometBFT's JSON, as its RPC and its light client's fixtures spell them. */
import { MAX_VALIDATORS } from '../wire/commit.ts';
import { signedHeaderFromJson, validatorSetFromJson } from '../wire/json/decode.ts';
import { signedHeaderToJson, validatorToJson } from '../wire/json/encode.ts';
import {
  mismatch,
  type Read,
  readObject,
  readOptional,
  readSmallInteger,
} from '../wire/json/read.ts';
import type { Validator } from '../wire/types.ts';
import { sortValidators } from '../wire/validatorSet.ts';
import type { LightBlock, TrustedState } from './types.ts';

const readTotal = readOptional<number | undefined>(readSmallInteger(1, MAX_VALIDATORS), undefined);

/** A set as the method validators gives it; one page of several is refused. */
const readWholeSet: Read<Validator[]> = (json, path) => {
  const field = readObject(json, path);
  const validators = field('validators', validatorSetFromJson);
  const total = field('total', readTotal);
  if (total === undefined || total === validators.length) return validators;
  throw mismatch(`${path}.validators`, `all ${total} validators`, validators);
};

const readValidatorSet: Read<readonly Validator[]> = (json, path) =>
  sortValidators((Array.isArray(json) ? validatorSetFromJson : readWholeSet)(json, path));

/**
 * A trusted state of `{ signed_header, next_validator_set }`, parsed JSON of CometBFT 0.34 to 1.x. A set is an
 * object with `validators`, or the list itself, in any order; it comes out sorted. Nothing is verified.
 * @throws TypeError that names the path, what was expected and what was given.
 */
export function trustedStateFromJson(json: unknown): TrustedState {
  const field = readObject(json, 'trusted state');
  return {
    signedHeader: field('signed_header', signedHeaderFromJson),
    nextValidators: field('next_validator_set', readValidatorSet),
  };
}

/**
 * A light block of `{ signed_header, validator_set, next_validator_set }`, read in the same way.
 * @throws TypeError that names the path, what was expected and what was given.
 *
 * @example
 * const untrusted = lightBlockFromJson(JSON.parse(text));
 * const verdict = verify({ trusted, untrusted, trustingPeriod, now });
 */
export function lightBlockFromJson(json: unknown): LightBlock {
  const field = readObject(json, 'light block');
  return {
    signedHeader: field('signed_header', signedHeaderFromJson),
    validators: field('validator_set', readValidatorSet),
    nextValidators: field('next_validator_set', readValidatorSet),
  };
}

/** The JSON that `lightBlockFromJson` reads. */
export function lightBlockToJson({ signedHeader, validators, nextValidators }: LightBlock) {
  return {
    signed_header: signedHeaderToJson(signedHeader),
    validator_set: { validators: validators.map(validatorToJson) },
    next_validator_set: { validators: nextValidators.map(validatorToJson) },
  };
}
