/** One transaction from messages to the block: simulate, confirm, sign, hand in once, wait. */
import { toObject } from '../../chain/api/native.ts';
import {
  type Descriptors,
  fromJson,
  type JsonObject,
  toJson,
} from '../../chain/descriptors/index.ts';
import { toBase64 } from '../../wire/bytes.ts';
import { adjustGas, feeAt } from '../coins.ts';
import { sharedDescriptors } from '../descriptors.ts';
import { CliError } from '../errors.ts';
import { chooseHome } from '../home.ts';
import type { KeyInfo } from '../keys/keyring.ts';
import { openKeyring } from '../keys/open.ts';
import type { ChainClient } from '../node/chainClient.ts';
import { checkChainId, connect, signingChainId } from '../node/connect.ts';
import { printable, show } from '../output.ts';
import { checkCanConfirm, confirm, note, type Terminal } from '../terminal.ts';
import { broadcastAndWait } from './broadcast.ts';
import type { TxOptions } from './options.ts';
import {
  type AccountState,
  accountState,
  authInfoBytes,
  authInfoJson,
  type Fee,
  keyOf,
  signTx,
  unsignedTx,
} from './signer.ts';

const TX = 'cosmos.tx.v1beta1.Tx';
const SIMULATE = '/cosmos.tx.v1beta1.Service/Simulate';

interface Draft {
  readonly descriptors: Descriptors;
  readonly client: ChainClient | undefined;
  readonly key: KeyInfo;
  readonly account: AccountState;
  readonly body: JsonObject;
  readonly bodyBytes: Uint8Array;
}

/**
 * Runs `depind tx …`. The messages are given the signer's address.
 * @throws CliError, or ToldError when the result that was shown is a failure.
 */
export async function sendTx(
  makeMessages: (signer: string) => Promise<readonly JsonObject[]>,
  options: TxOptions,
  terminal: Terminal,
): Promise<void> {
  checkFlags(options, terminal);
  const keyring = openKeyring(options, terminal);
  const key = await keyOf(keyring, options.from);
  const messages = await makeMessages(key.address);
  const draft = await prepare(options, terminal, { key, messages });
  if (options.dryRun) {
    const used = await simulate(draft, options);
    return show(terminal, options.output, { gas_used: used.toString() }, `gas used: ${used}`);
  }
  const fee = await feeFor(draft, options);
  if (options.generateOnly) {
    const tx = { body: draft.body, auth_info: authInfoJson(undefined, fee), signatures: [] };
    const complete = toJson(draft.descriptors, TX, fromJson(draft.descriptors, TX, tx));
    return show(terminal, options.output, complete, JSON.stringify(complete, null, 2));
  }
  const chainId = await signingChainId(options.chainId, chooseHome(options.home, terminal));
  if (draft.client !== undefined) await checkChainId(draft.client, chainId);
  await confirmTx(terminal, options, { chainId, messages, fee });
  const tx = await signTx({
    keyring,
    key,
    chainId,
    accountNumber: draft.account.accountNumber,
    bodyBytes: draft.bodyBytes,
    authInfoBytes: authInfoOf(draft, fee),
  });
  if (draft.client === undefined) return showSigned(terminal, options, draft.descriptors, tx);
  await broadcastAndWait(draft.client, tx, options, terminal);
}

function checkFlags(options: TxOptions, terminal: Terminal): void {
  const isSigned = !options.dryRun && !options.generateOnly;
  if (isSigned && !options.yes) checkCanConfirm(terminal);
  if (options.fees !== undefined && options.gasPrices !== undefined) {
    throw new CliError('--fees and --gas-prices: expected one of them');
  }
  if (!options.offline) return;
  if (options.gas === 'auto' && !options.generateOnly) {
    throw new CliError('--offline: needs a limit by --gas, since nothing can be simulated');
  }
  if (options.dryRun) throw new CliError('--offline: nothing can be simulated by --dry-run');
  if (options.generateOnly) return;
  if (options.accountNumber === undefined || options.sequence === undefined) {
    throw new CliError('--offline: needs --account-number and --sequence');
  }
}

async function prepare(
  options: TxOptions,
  terminal: Terminal,
  { key, messages }: { readonly key: KeyInfo; readonly messages: readonly JsonObject[] },
): Promise<Draft> {
  const client = options.offline ? undefined : await connect(options, terminal);
  const descriptors = client?.descriptors ?? sharedDescriptors();
  const body = {
    messages: [...messages],
    memo: options.note,
    timeout_height: (options.timeoutHeight ?? 0n).toString(),
  };
  const bodyBytes = fromJson(descriptors, 'cosmos.tx.v1beta1.TxBody', body, 'tx.body');
  const { accountNumber, sequence } = options;
  const isKnown = accountNumber !== undefined && sequence !== undefined;
  const asked =
    client === undefined || isKnown
      ? { accountNumber: 0n, sequence: 0n }
      : await accountState(client, key.address);
  const account = {
    accountNumber: accountNumber ?? asked.accountNumber,
    sequence: sequence ?? asked.sequence,
  };
  return { descriptors, client, key, account, body, bodyBytes };
}

async function feeFor(draft: Draft, options: TxOptions): Promise<Fee> {
  const gasLimit = options.gas === 'auto' ? await autoGas(draft, options) : options.gas;
  const amount = options.fees ?? (options.gasPrices ? feeAt(options.gasPrices, gasLimit) : []);
  return { amount, gasLimit };
}

const DEFAULT_GAS = 200_000n;

async function autoGas(draft: Draft, options: TxOptions): Promise<bigint> {
  if (draft.client === undefined) return DEFAULT_GAS;
  return adjustGas(await simulate(draft, options), options.gasAdjustment);
}

/** Gas that the messages would use now. @throws CliError with the chain's reason when they would fail. */
async function simulate(draft: Draft, options: TxOptions): Promise<bigint> {
  const fee = { amount: options.fees ?? [], gasLimit: 0n };
  const tx = unsignedTx(draft.bodyBytes, authInfoOf(draft, fee));
  const request = { tx_bytes: toBase64(tx) };
  const answer = await draft.client!.query(SIMULATE, request).catch((cause: unknown) => {
    if (!(cause instanceof CliError)) throw cause;
    const reason = cause.message.replace(/^query failed: /, '');
    throw new CliError(`the transaction would fail: ${reason}`, { cause });
  });
  const used = toObject(toObject(answer).gas_info).gas_used;
  if (typeof used === 'string') return BigInt(used);
  throw new CliError('simulation: the node named no gas');
}

function authInfoOf({ descriptors, key, account }: Draft, fee: Fee): Uint8Array {
  const signer = { publicKey: key.publicKey, sequence: account.sequence };
  return authInfoBytes(descriptors, signer, fee);
}

async function confirmTx(
  terminal: Terminal,
  options: TxOptions,
  tx: { readonly chainId: string; readonly messages: readonly JsonObject[]; readonly fee: Fee },
): Promise<void> {
  if (options.yes) return;
  const fee = tx.fee.amount.map(({ amount, denom }) => amount + denom).join(',') || 'none';
  // Whole: who confirms must see every field.
  const lines = JSON.stringify(tx.messages, null, 2).split('\n').map(printable);
  note(terminal, [...lines, `chain ${tx.chainId}, gas ${tx.fee.gasLimit}, fee ${fee}`].join('\n'));
  await confirm(terminal, 'Sign and send?');
}

function showSigned(
  terminal: Terminal,
  options: TxOptions,
  descriptors: Descriptors,
  tx: Uint8Array,
): void {
  const json = toJson(descriptors, TX, tx);
  show(terminal, options.output, json, JSON.stringify(json, null, 2));
}
