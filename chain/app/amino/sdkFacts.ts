/**
 * How the SDK's own messages look in amino JSON. From v0.47 on its `.proto` texts say so in options; the published
 * texts, which are of v0.46, do not. The facts are those of the v0.50 texts.
 */

/** How a message is written when it is not an object of its fields. */
export type AminoEncoding = 'key_field' | 'threshold_string';

export interface AminoFacts {
  /** `amino.name`. */
  readonly name?: string;
  /** `amino.message_encoding`. */
  readonly encoding?: AminoEncoding;
  /** Fields with `amino.dont_omitempty`. */
  readonly kept?: readonly string[];
  /** Fields with `amino.encoding = "legacy_coins"`: kept as well, and empty they are a list and not null. */
  readonly coins?: readonly string[];
}

const BANK = 'cosmos.bank.v1beta1';
const STAKING = 'cosmos.staking.v1beta1';
const FEEGRANT = 'cosmos.feegrant.v1beta1';
const UPGRADE = 'cosmos.upgrade.v1beta1';
const CRYPTO = 'cosmos.crypto';

/** By full name. */
export const SDK_FACTS: ReadonlyMap<string, AminoFacts> = new Map<string, AminoFacts>([
  ['cosmos.base.v1beta1.Coin', { kept: ['amount'] }],
  [`${BANK}.MsgSend`, { name: 'cosmos-sdk/MsgSend', coins: ['amount'] }],
  [`${BANK}.MsgMultiSend`, { name: 'cosmos-sdk/MsgMultiSend', kept: ['inputs', 'outputs'] }],
  [`${BANK}.Input`, { coins: ['coins'] }],
  [`${BANK}.Output`, { coins: ['coins'] }],
  [`${BANK}.MsgUpdateParams`, { name: 'cosmos-sdk/x/bank/MsgUpdateParams', kept: ['params'] }],
  [`${BANK}.MsgSetSendEnabled`, { name: 'cosmos-sdk/MsgSetSendEnabled' }],
  [
    `${STAKING}.MsgCreateValidator`,
    {
      name: 'cosmos-sdk/MsgCreateValidator',
      kept: ['description', 'commission', 'min_self_delegation', 'value'],
    },
  ],
  [`${STAKING}.CommissionRates`, { kept: ['rate', 'max_rate', 'max_change_rate'] }],
  [`${STAKING}.MsgEditValidator`, { name: 'cosmos-sdk/MsgEditValidator', kept: ['description'] }],
  [`${STAKING}.MsgDelegate`, { name: 'cosmos-sdk/MsgDelegate', kept: ['amount'] }],
  [`${STAKING}.MsgUndelegate`, { name: 'cosmos-sdk/MsgUndelegate', kept: ['amount'] }],
  [`${STAKING}.MsgBeginRedelegate`, { name: 'cosmos-sdk/MsgBeginRedelegate', kept: ['amount'] }],
  [
    `${STAKING}.MsgCancelUnbondingDelegation`,
    { name: 'cosmos-sdk/MsgCancelUnbondingDelegation', kept: ['amount'] },
  ],
  [`${FEEGRANT}.MsgGrantAllowance`, { name: 'cosmos-sdk/MsgGrantAllowance' }],
  [`${FEEGRANT}.MsgRevokeAllowance`, { name: 'cosmos-sdk/MsgRevokeAllowance' }],
  [`${FEEGRANT}.BasicAllowance`, { name: 'cosmos-sdk/BasicAllowance', coins: ['spend_limit'] }],
  [
    `${FEEGRANT}.PeriodicAllowance`,
    {
      name: 'cosmos-sdk/PeriodicAllowance',
      kept: ['basic', 'period', 'period_reset'],
      coins: ['period_spend_limit', 'period_can_spend'],
    },
  ],
  [`${FEEGRANT}.AllowedMsgAllowance`, { name: 'cosmos-sdk/AllowedMsgAllowance' }],
  [`${UPGRADE}.Plan`, { name: 'cosmos-sdk/Plan', kept: ['time'] }],
  [`${UPGRADE}.MsgSoftwareUpgrade`, { name: 'cosmos-sdk/MsgSoftwareUpgrade', kept: ['plan'] }],
  [`${UPGRADE}.MsgCancelUpgrade`, { name: 'cosmos-sdk/MsgCancelUpgrade' }],
  [`${CRYPTO}.ed25519.PubKey`, { name: 'tendermint/PubKeyEd25519', encoding: 'key_field' }],
  [`${CRYPTO}.secp256k1.PubKey`, { name: 'tendermint/PubKeySecp256k1', encoding: 'key_field' }],
  [
    `${CRYPTO}.multisig.LegacyAminoPubKey`,
    { name: 'tendermint/PubKeyMultisigThreshold', encoding: 'threshold_string' },
  ],
]);
