/** `depind query tx`, `wait-tx` and `block`: what CometBFT keeps rather than a module. */
import type { Command } from 'commander';
import { toObject } from '../../chain/api/native.ts';
import type { JsonValue } from '../../chain/descriptors/index.ts';
import { CliError } from '../errors.ts';
import { connect } from '../node/connect.ts';
import { addNode, durationOption, type NodeOptions } from '../options.ts';
import { show } from '../output.ts';
import { ask, type Terminal } from '../terminal.ts';
import { findTx, showTx, waitForTx } from '../tx/broadcast.ts';
import { uint64 } from '../values.ts';

const BLOCKS = '/cosmos.base.tendermint.v1beta1.Service';

export function addChainQueries(query: Command, terminal: Terminal): void {
  addTx(query, terminal);
  addWaitTx(query, terminal);
  addBlock(query, terminal);
}

function addTx(query: Command, terminal: Terminal): void {
  addNode(query.command('tx'))
    .description('a transaction by its hash; fails when the transaction did')
    .argument('<hash>', '64 hex digits')
    .action(async (hash: string, options: NodeOptions) => {
      const client = await connect(options, terminal);
      const found = await findTx(client, checkHash(hash));
      if (found === undefined) throw new CliError(`tx not found: ${hash}`);
      showTx(terminal, options.output, found);
    });
}

interface WaitOptions extends NodeOptions {
  readonly waitTimeout: number;
}

function addWaitTx(query: Command, terminal: Terminal): void {
  addNode(query.command('wait-tx'))
    .description(
      'wait until a transaction is in a block; without a hash, its JSON is read from stdin',
    )
    .argument('[hash]', '64 hex digits')
    .addOption(durationOption('--wait-timeout', 'how long to wait', '60s'))
    .addHelpText(
      'after',
      '\nExample:\n  $ depind tx bank send alice bob 5udepin -y --no-wait -o json | depind query wait-tx\n',
    )
    .action(async (given: string | undefined, options: WaitOptions) => {
      const hash = checkHash(given ?? hashOf(await ask(terminal, '')));
      const client = await connect(options, terminal);
      showTx(terminal, options.output, await waitForTx(client, hash, options.waitTimeout));
    });
}

function addBlock(query: Command, terminal: Terminal): void {
  addNode(query.command('block'))
    .description('a block, the latest when no height is given')
    .argument('[height]', 'height of the block', uint64)
    .action(async (height: bigint | undefined, options: NodeOptions) => {
      const client = await connect(options, terminal);
      const answer =
        height === undefined
          ? await client.query(`${BLOCKS}/GetLatestBlock`, {})
          : await client.query(`${BLOCKS}/GetBlockByHeight`, { height: height.toString() });
      show(terminal, options.output, withoutOldForm(answer));
    });
}

/** `block` repeats `sdk_block`, with the proposer's address in base64. */
function withoutOldForm(answer: JsonValue): JsonValue {
  const { block_id: id, sdk_block: block } = toObject(answer);
  return { block_id: id ?? null, block: block ?? null };
}

function checkHash(text: string): string {
  const hash = text.replace(/^0x/, '').toUpperCase();
  if (/^[0-9A-F]{64}$/.test(hash)) return hash;
  throw new CliError(`hash: expected 64 hex digits, got "${text.slice(0, 80)}"`);
}

/** From a line that holds the hash, or the JSON that `tx … -o json` prints. */
function hashOf(line: string): string {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && 'txhash' in parsed) {
      return String(parsed.txhash);
    }
  } catch {
    return line;
  }
  return line;
}
