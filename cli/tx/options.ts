/** The flags of every transaction. */
import { type Command, Option } from 'commander';
import type { GasPrice } from '../../chain/app/fees.ts';
import type { CoinText } from '../coins.ts';
import type { KeyringBackend } from '../keys/keyring.ts';
import { addKeyring, addNode, durationOption, type NodeOptions } from '../options.ts';
import * as values from '../values.ts';

export interface TxOptions extends NodeOptions {
  readonly keyringBackend: KeyringBackend;
  /** Name of a key, or its address. */
  readonly from?: string;
  readonly chainId?: string;
  readonly fees?: readonly CoinText[];
  readonly gas: 'auto' | bigint;
  readonly gasAdjustment: string;
  readonly gasPrices?: readonly GasPrice[];
  readonly yes?: boolean;
  readonly note: string;
  readonly timeoutHeight?: bigint;
  /** Milliseconds from now after which it is void. */
  readonly timeoutDuration?: number;
  readonly unordered?: boolean;
  /** Names of keys, or addresses. */
  readonly feePayer?: string;
  readonly feeGranter?: string;
  readonly sequence?: bigint;
  readonly accountNumber?: bigint;
  readonly dryRun?: boolean;
  readonly generateOnly?: boolean;
  readonly offline?: boolean;
  readonly broadcastMode: 'sync' | 'async';
  readonly wait: boolean;
  readonly waitTimeout: number;
}

/** Names of flags that no field of a message may take. */
export const TX_FLAGS: ReadonlySet<string> = new Set(
  'home node timeout output keyring-backend from chain-id fees gas gas-adjustment gas-prices yes note timeout-height timeout-duration unordered fee-payer fee-granter sequence account-number dry-run generate-only offline broadcast-mode wait no-wait wait-timeout help'.split(
    ' ',
  ),
);

/** Flags of signing alone: whose key, for which chain. */
export function addSigning(command: Command): Command {
  return addKeyring(command)
    .option('--from <key>', 'key that signs: its name or address')
    .option('--chain-id <id>', 'chain that is signed for (default: the chain of the home)')
    .option(
      '--sequence <number>',
      'sequence of the account (default: asked); one that waits is replaced by a tenth more --fees',
      values.uint64,
    )
    .option('--account-number <number>', 'number of the account (default: asked)', values.uint64)
    .option('--offline', 'ask no node: needs --account-number, --sequence and --gas');
}

/** Flags of handing in. */
export function addBroadcasting(command: Command): Command {
  return command
    .option('-y, --yes', 'do not ask for confirmation')
    .addOption(
      new Option('-b, --broadcast-mode <mode>', 'sync waits for the check, async for nothing')
        .choices(['sync', 'async'])
        .default('sync'),
    )
    .option('--no-wait', 'do not wait until the transaction is in a block')
    .addOption(durationOption('--wait-timeout', 'how long to wait for the block', '60s'));
}

/** All flags of a transaction. */
export function addTxOptions(command: Command): Command {
  addBroadcasting(addSigning(addNode(command)));
  return command
    .option('--gas <limit>', 'gas limit, or auto to simulate', values.gas, 'auto')
    .option('--gas-adjustment <factor>', 'what simulated gas is multiplied by', '1.4')
    .option('--gas-prices <prices>', 'price of one gas, such as 0.025udepin', values.gasPrices)
    .option('--fees <coins>', 'fee, such as 5000udepin', values.coins)
    .option('--note <text>', 'memo of the transaction', '')
    .option('--timeout-height <height>', 'height after which it is void', values.uint64)
    .option(
      '--timeout-duration <duration>',
      'how long it is good, such as 60s, by the time of blocks',
      values.duration,
    )
    .option('--unordered', 'run it in any order, without a sequence: needs --timeout-duration')
    .option('--fee-payer <key>', 'key that pays the fee and signs as well: its name or address')
    .option('--fee-granter <key>', 'account that granted its fees: address or name of a key')
    .option('--dry-run', 'simulate, and print the gas that it would use')
    .option('--generate-only', 'print the unsigned transaction');
}
