import { type Coin, parseCoins } from '../../chain/math/coins.ts';
import { sdkError } from '../../chain/module/errors.ts';
import type {
  MsgMultiSend,
  MsgMultiSendResponse,
  MsgSend,
  MsgSendResponse,
} from '../../wire/gen/cosmos/bank/v1beta1/tx.ts';
import type { BankContext } from './context.ts';
import { ledgerOf } from './ledger.ts';

const MAX_OUTPUTS = 1000;

/** Coins of a message that moves them: at least one, each positive. */
function movedCoins(
  coins: readonly { readonly denom: string; readonly amount: string }[],
  field: string,
): Coin[] {
  const parsed = parseCoins(coins, field);
  if (parsed.length === 0) throw sdkError('invalidCoins', `${field}: expected at least one coin`);
  return parsed;
}

function checkSendEnabled({ params, fail }: BankContext, coins: readonly Coin[]): void {
  const { sendEnabled, defaultSendEnabled } = params;
  for (const { denom } of coins) {
    const own = sendEnabled.find((each) => each.denom === denom);
    if (!(own?.enabled ?? defaultSendEnabled)) {
      throw fail.SendDisabled(`${denom} transfers are currently disabled`);
    }
  }
}

/** Module accounts take coins from their modules only, or what is sent to them would be lost. */
function checkRecipient({ auth }: BankContext, address: Uint8Array, text: string): void {
  if (auth.account(address)?.module !== undefined) {
    throw sdkError('unauthorized', `${text} is not allowed to receive funds`);
  }
}

export function send(context: BankContext, message: MsgSend): MsgSendResponse {
  const from = context.addresses.parse(message.fromAddress, 'from_address');
  const to = context.addresses.parse(message.toAddress, 'to_address');
  const coins = movedCoins(message.amount, 'amount');
  checkSendEnabled(context, coins);
  checkRecipient(context, to, message.toAddress);
  ledgerOf(context).send(from, to, coins);
  return {};
}

/** One sender, many recipients, as SDK v0.50 has it. */
export function multiSend(context: BankContext, message: MsgMultiSend): MsgMultiSendResponse {
  const { fail, addresses } = context;
  const [input, second] = message.inputs;
  if (input === undefined) throw fail.NoInputs();
  if (second !== undefined) {
    throw sdkError('invalidRequest', `inputs: expected one sender, got ${message.inputs.length}`);
  }
  if (message.outputs.length === 0) throw fail.NoOutputs();
  if (message.outputs.length > MAX_OUTPUTS) {
    throw sdkError('invalidRequest', `outputs: expected at most ${MAX_OUTPUTS}`);
  }
  const from = addresses.parse(input.address, 'inputs[0].address');
  const given = movedCoins(input.coins, 'inputs[0].coins');
  const outputs = message.outputs.map((output, i) => ({
    to: addresses.parse(output.address, `outputs[${i}].address`),
    coins: movedCoins(output.coins, `outputs[${i}].coins`),
    text: output.address,
  }));
  const rest = new Map(given.map(({ denom, amount }) => [denom, amount]));
  for (const { denom, amount } of outputs.flatMap(({ coins }) => coins)) {
    rest.set(denom, (rest.get(denom) ?? 0n) - amount);
  }
  if ([...rest.values()].some((amount) => amount !== 0n)) throw fail.InputOutputMismatch();
  checkSendEnabled(context, given);
  const ledger = ledgerOf(context);
  for (const { to, coins, text } of outputs) {
    checkRecipient(context, to, text);
    ledger.send(from, to, coins);
  }
  return {};
}
