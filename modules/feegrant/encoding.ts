/** Allowances as an Any, as messages, state and genesis hold them. Written as Go writes them, field by field. */
import { type Coin, coinToProto, parseCoins } from '../../chain/math/coins.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { GO_ZERO_TIME_NS, nanosecondsOf, timestampOf } from '../../chain/state/times.ts';
import {
  AllowedMsgAllowance as AllowedMsgMessage,
  BasicAllowance as BasicMessage,
  PeriodicAllowance as PeriodicMessage,
} from '../../wire/gen/cosmos/feegrant/v1beta1/feegrant.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import type { Timestamp } from '../../wire/gen/google/protobuf/timestamp.ts';
import { MAX_TIME } from '../../wire/time.ts';
import type { Allowance, BasicAllowance, PeriodicAllowance } from './allowance.ts';
import { feegrantError } from './errors.ts';

const BASIC = '/cosmos.feegrant.v1beta1.BasicAllowance';
const PERIODIC = '/cosmos.feegrant.v1beta1.PeriodicAllowance';
const ALLOWED_MSG = '/cosmos.feegrant.v1beta1.AllowedMsgAllowance';

/** Allowances inside allowances: the SDK unpacks no deeper. */
const MAX_DEPTH = 10;
/** Go's time.Duration: nanoseconds in an int64. */
const MAX_DURATION_NS = (1n << 63n) - 1n;

/**
 * Reads and checks an allowance (ValidateBasic of the SDK).
 * @throws ChainError sdk/10 for coins, sdk/18 for another type or time, feegrant/4, /5 or /6, naming the field.
 */
export function readAllowance(any: Any | undefined, field: string, depth = 1): Allowance {
  if (any === undefined) throw feegrantError('NoAllowance', `${field}: should not be empty`);
  if (depth > MAX_DEPTH) {
    throw sdkError('invalidRequest', `${field}: nested more than ${MAX_DEPTH} deep`);
  }
  switch (any.typeUrl) {
    case BASIC:
      return readBasic(BasicMessage.decode(any.value), field);
    case PERIODIC:
      return readPeriodic(PeriodicMessage.decode(any.value), field);
    case ALLOWED_MSG: {
      const { allowance, allowedMessages } = AllowedMsgMessage.decode(any.value);
      const inner = readAllowance(allowance, `${field}.allowance`, depth + 1);
      if (allowedMessages.length === 0) {
        throw feegrantError('NoMessages', `${field}.allowed_messages: shouldn't be empty`);
      }
      return { kind: 'allowedMsg', allowance: inner, messages: allowedMessages };
    }
    default:
      throw feegrantError(
        'NoAllowance',
        `${field}: expected ${BASIC}, ${PERIODIC} or ${ALLOWED_MSG}, got "${any.typeUrl.slice(0, 100)}"`,
      );
  }
}

function readBasic({ spendLimit, expiration }: BasicMessage, field: string): BasicAllowance {
  const limit = parseCoins(spendLimit, `${field}.spend_limit`);
  const ends = expiration && readTime(expiration, `${field}.expiration`);
  if (ends !== undefined && ends < 0n) {
    throw feegrantError(
      'InvalidDuration',
      `${field}.expiration: expiration time cannot be negative`,
    );
  }
  return { kind: 'basic', spendLimit: limit.length === 0 ? undefined : limit, expiration: ends };
}

function readPeriodic(message: PeriodicMessage, field: string): PeriodicAllowance {
  const basic = readBasic(message.basic ?? { spendLimit: [] }, `${field}.basic`);
  const limitField = `${field}.period_spend_limit`;
  const periodSpendLimit = parseCoins(message.periodSpendLimit, limitField);
  if (periodSpendLimit.length === 0) {
    throw sdkError('invalidCoins', `${limitField}: spend limit must be positive`);
  }
  const total = basic.spendLimit;
  const missing = total && periodSpendLimit.find(({ denom }) => !has(total, denom));
  if (missing !== undefined) {
    throw sdkError(
      'invalidCoins',
      `${limitField}: ${missing.denom} is not in basic.spend_limit: period spend limit has ` +
        'different currency than basic spend limit',
    );
  }
  const period = nanosecondsOf(message.period);
  if (period < 0n) throw feegrantError('InvalidDuration', `${field}.period: negative clock step`);
  if (period > MAX_DURATION_NS) {
    throw sdkError('invalidRequest', `${field}.period: expected at most ${MAX_DURATION_NS} ns`);
  }
  const reset = message.periodReset;
  return {
    kind: 'periodic',
    basic,
    period,
    periodSpendLimit,
    periodCanSpend: parseCoins(message.periodCanSpend, `${field}.period_can_spend`),
    periodReset: reset === undefined ? GO_ZERO_TIME_NS : readTime(reset, `${field}.period_reset`),
  };
}

const has = (coins: readonly Coin[], denom: string): boolean =>
  coins.some((coin) => coin.denom === denom);

function readTime(time: Timestamp, field: string): bigint {
  const timeNs = nanosecondsOf(time);
  if (time.nanos < 0 || time.nanos > 999_999_999) {
    throw sdkError('invalidRequest', `${field}.nanos: expected 0 to 999999999, got ${time.nanos}`);
  }
  return checkTime(timeNs, field);
}

function checkTime(timeNs: bigint, field: string): bigint {
  if (timeNs >= GO_ZERO_TIME_NS && timeNs <= MAX_TIME) return timeNs;
  throw sdkError('invalidRequest', `${field}: expected a time in the years 1 to 9999`);
}

/** @throws ChainError sdk/18 when a next period would begin behind the year 9999. */
export function writeAllowance(allowance: Allowance): Any {
  switch (allowance.kind) {
    case 'basic':
      return { typeUrl: BASIC, value: BasicMessage.encode(basicMessage(allowance)).finish() };
    case 'periodic': {
      const { basic, period, periodSpendLimit, periodCanSpend, periodReset } = allowance;
      const value = PeriodicMessage.encode({
        basic: basicMessage(basic),
        period: timestampOf(period),
        periodSpendLimit: periodSpendLimit.map(coinToProto),
        periodCanSpend: periodCanSpend.map(coinToProto),
        periodReset: timestampOf(checkTime(periodReset, 'allowance.period_reset')),
      }).finish();
      return { typeUrl: PERIODIC, value };
    }
    case 'allowedMsg': {
      const value = AllowedMsgMessage.encode({
        allowance: writeAllowance(allowance.allowance),
        allowedMessages: [...allowance.messages],
      }).finish();
      return { typeUrl: ALLOWED_MSG, value };
    }
  }
}

const basicMessage = ({ spendLimit, expiration }: BasicAllowance): BasicMessage => ({
  spendLimit: (spendLimit ?? []).map(coinToProto),
  expiration: expiration === undefined ? undefined : timestampOf(expiration),
});
