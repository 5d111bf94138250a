/** What an account signs in SIGN_MODE_LEGACY_AMINO_JSON: the StdSignDoc of a transaction as JSON. */
import { toUtf8 } from '../../../wire/bytes.ts';
import type { Fee } from '../../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { formatTime } from '../../../wire/time.ts';
import { type Descriptors, rejectUnknownFields } from '../../descriptors/index.ts';
import type { DecodedTx } from '../decodeTx.ts';
import { timeoutFields } from '../timeouts.ts';
import { anyToAmino, jsonText } from './aminoJson.ts';

/** What a signature covers beside the transaction. */
export interface SignerData {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The parts of a transaction that this mode covers. */
export type SignedParts = Pick<DecodedTx, 'bodyBytes' | 'body' | 'authInfo'>;

/**
 * The bytes to sign: keys in order, no spaces, numbers of 64 bits as text.
 * @throws TypeError for what the text would leave out: extension options, unknown fields, a missing fee.
 */
export function aminoSignBytes(
  descriptors: Descriptors,
  { bodyBytes, body, authInfo }: SignedParts,
  signer: SignerData,
): Uint8Array {
  rejectUnknownFields(descriptors, 'cosmos.tx.v1beta1.TxBody', bodyBytes, { title: 'body' });
  const { timeoutNs, unordered } = timeoutFields(bodyBytes);
  const { extensionOptions, nonCriticalExtensionOptions } = body;
  if (extensionOptions.length > 0 || nonCriticalExtensionOptions.length > 0) {
    throw new TypeError('body: extension options have no form in amino JSON');
  }
  if (authInfo.fee === undefined) throw new TypeError('auth_info.fee: missing');
  const messages = body.messages.map((message, i) =>
    anyToAmino(descriptors, message, `body.messages[${i}]`),
  );
  const fields = [
    `"account_number":"${signer.accountNumber}"`,
    `"chain_id":${jsonText(signer.chainId)}`,
    `"fee":${feeText(authInfo.fee)}`,
    `"memo":${jsonText(body.memo)}`,
    `"msgs":[${messages.join(',')}]`,
    `"sequence":"${signer.sequence}"`,
  ];
  if (body.timeoutHeight !== 0n) fields.push(`"timeout_height":"${body.timeoutHeight}"`);
  if (timeoutNs !== undefined) fields.push(`"timeout_timestamp":"${formatTime(timeoutNs)}"`);
  if (unordered) fields.push('"unordered":true');
  return toUtf8(`{${fields.join(',')}}`);
}

function feeText({ amount, gasLimit, granter, payer }: Fee): string {
  const coins = amount.map((coin) => {
    const denom = coin.denom === '' ? '' : `,"denom":${jsonText(coin.denom)}`;
    return `{"amount":${jsonText(coin.amount || '0')}${denom}}`;
  });
  const fields = [`"amount":[${coins.join(',')}]`, `"gas":"${gasLimit}"`];
  if (granter !== '') fields.push(`"granter":${jsonText(granter)}`);
  if (payer !== '') fields.push(`"payer":${jsonText(payer)}`);
  return `{${fields.join(',')}}`;
}
