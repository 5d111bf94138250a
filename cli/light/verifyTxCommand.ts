/** `depind light verify-tx`: that a transaction is in a block, and what came of it, proven. */
import type { Command } from 'commander';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import type { VerifiedTransaction } from '../../lightclient/index.ts';
import { toBase64, toHex } from '../../wire/bytes.ts';
import { hashHeader } from '../../wire/header.ts';
import { formatTime } from '../../wire/time.ts';
import type { DeterministicTxResult } from '../../wire/types.ts';
import { CliError } from '../errors.ts';
import { show } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { txHash } from '../values.ts';
import { addClient, type ClientOptions, withLightClient } from './client.ts';

const HELP = `
Example:
  $ depind light verify-tx 9F86…08 -p http://a.example:26657 -w http://b.example:26657 \\
      --chain-id depind-localnet-1 --trust-height 1 --trust-hash 5AD1…

Exits with 1 when nothing can be proven, when it is proven that the transaction failed, and as long as its
result, which the next block proves, is null. Events and logs are in no hash and are not shown.
`;

export function addVerifyTxCommand(light: Command, terminal: Terminal): void {
  addClient(light.command('verify-tx'))
    .description('prove that a transaction is in a block, and its result')
    .argument('<hash>', '64 hex digits', txHash)
    .addHelpText('after', HELP)
    .action((hash: Uint8Array, options: ClientOptions) => verifyTx(hash, options, terminal));
}

async function verifyTx(
  hash: Uint8Array,
  options: ClientOptions,
  terminal: Terminal,
): Promise<void> {
  const proven = await withLightClient(options, terminal, (client) => client.verifyTx(hash));
  const { height, index, transaction, header, result } = proven;
  const shown = {
    chainId: header.chainId,
    hash: toHex(hash).toUpperCase(),
    height: `${height}`,
    index,
    transaction: toBase64(transaction),
    result: result === undefined ? null : resultJson(result),
    headerHash: toHex(hashHeader(header)).toUpperCase(),
    headerTime: formatTime(header.time),
  };
  show(terminal, options.output, shown, textOf(proven, shown.headerHash));
  if (result === undefined) {
    throw new CliError(`the result is not proven yet: it needs block ${height + 1n}, try again`);
  }
  if (result.code !== 0) throw new CliError(`transaction failed: code ${result.code}`);
}

function resultJson({ code, data, gasWanted, gasUsed }: DeterministicTxResult): JsonObject {
  return { code, data: toBase64(data), gasWanted: `${gasWanted}`, gasUsed: `${gasUsed}` };
}

function textOf({ height, index, result }: VerifiedTransaction, headerHash: string): string {
  const outcome =
    result === undefined
      ? 'not proven yet'
      : `code ${result.code}, ${result.gasUsed} of ${result.gasWanted} gas used`;
  return [
    `included: transaction ${index} of block ${height}`,
    `result: ${outcome}`,
    `header: ${headerHash} at height ${height}`,
  ].join('\n');
}
