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
import type { KeyInfo, Keyring } from '../keys/keyring.ts';
import { openKeyring } from '../keys/open.ts';
import type { ChainClient } from '../node/chainClient.ts';
import { checkChainId, connect, signingChainId } from '../node/connect.ts';
import { printable, show } from '../output.ts';
import { checkCanConfirm, confirm, note, type Terminal } from '../terminal.ts';
import { broadcastAndWait } from './broadcast.ts';
import { hintIn } from './hints.ts';
import type { TxOptions } from './options.ts';
import {
  type AccountState,
  accountState,
  addressOf,
  authInfoBytes,
  authInfoJson,
  type Fee,
  keyOf,
  type Signer,
  unsignedTx,
} from './signer.ts';

const TX = 'cosmos.tx.v1beta1.Tx';
const SIMULATE = '/cosmos.tx.v1beta1.Service/Simulate';

interface Draft {
  readonly descriptors: Descriptors;
  readonly client: ChainClient | undefined;
  readonly signers: readonly Signer[];
  /** Who pays the fee, where it is not the first signer. */
  readonly payment: Pick<Fee, 'payer' | 'granter'>;
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
  const draft = await prepare(options, terminal, { keyring, key, messages });
  if (options.dryRun) {
    const used = await simulate(draft, options);
    return show(terminal, options.output, { gas_used: used.toString() }, `gas used: ${used}`);
  }
  const fee = await feeFor(draft, options);
  if (options.generateOnly) return showUnsigned(terminal, options, draft, fee);
  const chainId = await signingChainId(options.chainId, chooseHome(options.home, terminal));
  if (draft.client !== undefined) await checkChainId(draft.client, chainId);
  await confirmTx(terminal, options, { chainId, messages, fee });
  const { signers, bodyBytes, descriptors } = draft;
  const authInfo = authInfoBytes(descriptors, signers, fee);
  const { signTx } = await import('./signTx.ts');
  const tx = await signTx({ keyring, signers, chainId, bodyBytes, authInfoBytes: authInfo });
  if (draft.client === undefined) return showSigned(terminal, options, descriptors, tx);
  await broadcastAndWait(draft.client, tx, options, terminal);
}

function checkFlags(options: TxOptions, terminal: Terminal): void {
  const isSigned = !options.dryRun && !options.generateOnly;
  if (isSigned && !options.yes) checkCanConfirm(terminal);
  if (options.fees !== undefined && options.gasPrices !== undefined) {
    throw new CliError('--fees and --gas-prices: expected one of them');
  }
  checkUnordered(options);
  if (!options.offline) return;
  if (options.gas === 'auto' && !options.generateOnly) {
    throw new CliError('--offline: needs a limit by --gas, since nothing can be simulated');
  }
  if (options.dryRun) throw new CliError('--offline: nothing can be simulated by --dry-run');
  if (options.generateOnly) return;
  if (options.feePayer !== undefined) {
    throw new CliError("--offline: nothing says the sequence of the --fee-payer's account");
  }
  const hasSequence = options.sequence !== undefined || options.unordered;
  if (options.accountNumber === undefined || !hasSequence) {
    throw new CliError('--offline: needs --account-number and --sequence');
  }
}

/** Ten minutes: what the chain takes of an unordered transaction. */
const MAX_UNORDERED_MS = 600_000;

function checkUnordered({ unordered, sequence, timeoutDuration }: TxOptions): void {
  if (!unordered) return;
  if (sequence !== undefined) throw new CliError('--unordered: goes without --sequence');
  if (timeoutDuration === undefined) {
    throw new CliError('--unordered: needs --timeout-duration, such as 60s');
  }
  if (timeoutDuration > MAX_UNORDERED_MS) {
    throw new CliError('--timeout-duration: expected at most 10m with --unordered');
  }
}

interface Request {
  readonly keyring: Keyring;
  readonly key: KeyInfo;
  readonly messages: readonly JsonObject[];
}

async function prepare(
  options: TxOptions,
  terminal: Terminal,
  { keyring, key, messages }: Request,
): Promise<Draft> {
  const client = options.offline ? undefined : await connect(options, terminal);
  const descriptors = client?.descriptors ?? sharedDescriptors();
  const body = bodyJson(options, messages);
  const bodyBytes = fromJson(descriptors, 'cosmos.tx.v1beta1.TxBody', body, 'tx.body');
  const signers = [{ key, account: await accountOf(client, key, options) }];
  const payment = await paymentOf(options, keyring);
  // Of a transaction that is only generated, the payer's key may be anywhere.
  if (payment.payer !== '' && payment.payer !== key.address && !options.generateOnly) {
    const payer = await keyOf(keyring, options.feePayer);
    const given = options.unordered ? { unordered: true } : {};
    signers.push({ key: payer, account: await accountOf(client, payer, given) });
  }
  return { descriptors, client, signers, payment, body, bodyBytes };
}

function bodyJson(options: TxOptions, messages: readonly JsonObject[]): JsonObject {
  const { timeoutDuration, unordered } = options;
  const until = timeoutDuration === undefined ? undefined : Date.now() + timeoutDuration;
  return {
    messages: [...messages],
    memo: options.note,
    timeout_height: (options.timeoutHeight ?? 0n).toString(),
    ...(unordered ? { unordered } : {}),
    ...(until === undefined ? {} : { timeout_timestamp: new Date(until).toISOString() }),
  };
}

async function paymentOf(options: TxOptions, keyring: Keyring): Promise<Draft['payment']> {
  const { feePayer, feeGranter } = options;
  const address = (text: string | undefined, flag: string) =>
    text === undefined ? '' : addressOf(keyring, text, flag);
  return {
    payer: await address(feePayer, '--fee-payer'),
    granter: await address(feeGranter, '--fee-granter'),
  };
}

/** Number and sequence of an account, asked for unless flags say both. */
async function accountOf(
  client: ChainClient | undefined,
  key: KeyInfo,
  given: Partial<Pick<TxOptions, 'accountNumber' | 'sequence' | 'unordered'>>,
): Promise<AccountState> {
  const { accountNumber } = given;
  const sequence = given.unordered ? 0n : given.sequence;
  const isKnown = accountNumber !== undefined && sequence !== undefined;
  const asked =
    client === undefined || isKnown
      ? { accountNumber: 0n, sequence: 0n }
      : await accountState(client, key.address);
  return {
    accountNumber: accountNumber ?? asked.accountNumber,
    sequence: sequence ?? asked.sequence,
  };
}

async function feeFor(draft: Draft, options: TxOptions): Promise<Fee> {
  const gasLimit = options.gas === 'auto' ? await autoGas(draft, options) : options.gas;
  const amount = options.fees ?? (options.gasPrices ? feeAt(options.gasPrices, gasLimit) : []);
  return { amount, gasLimit, ...draft.payment };
}

const DEFAULT_GAS = 200_000n;

async function autoGas(draft: Draft, options: TxOptions): Promise<bigint> {
  if (draft.client === undefined) return DEFAULT_GAS;
  return adjustGas(await simulate(draft, options), options.gasAdjustment);
}

/** Gas that the messages would use now. @throws CliError with the chain's reason when they would fail. */
async function simulate(draft: Draft, options: TxOptions): Promise<bigint> {
  const { bodyBytes, signers, descriptors, payment } = draft;
  const fee = { amount: options.fees ?? [], gasLimit: 0n, ...payment };
  const tx = unsignedTx(bodyBytes, authInfoBytes(descriptors, signers, fee), signers);
  const request = { tx_bytes: toBase64(tx) };
  const answer = await draft.client!.query(SIMULATE, request).catch((cause: unknown) => {
    if (!(cause instanceof CliError)) throw cause;
    const reason = cause.message.replace(/^query failed: /, '');
    const hint = hintIn(reason);
    const advice = hint === undefined ? '' : `; hint: ${hint}`;
    throw new CliError(`the transaction would fail: ${reason}${advice}`, { cause });
  });
  const used = toObject(toObject(answer).gas_info).gas_used;
  if (typeof used === 'string') return BigInt(used);
  throw new CliError('simulation: the node named no gas');
}

function showUnsigned(terminal: Terminal, options: TxOptions, draft: Draft, fee: Fee): void {
  const { body, descriptors } = draft;
  const tx = { body, auth_info: authInfoJson([], fee), signatures: [] };
  const complete = toJson(descriptors, TX, fromJson(descriptors, TX, tx));
  show(terminal, options.output, complete, JSON.stringify(complete, null, 2));
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
  const { payer, granter, gasLimit } = tx.fee;
  const source = [payer && `paid by ${payer}`, granter && `granted by ${granter}`].filter(Boolean);
  const summary = [`chain ${tx.chainId}`, `gas ${gasLimit}`, `fee ${fee}`, ...source];
  note(terminal, [...lines, summary.join(', ')].join('\n'));
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
