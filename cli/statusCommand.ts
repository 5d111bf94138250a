/** `depind status`: what a node says of itself. */
import type { Command } from 'commander';
import { toObject } from '../chain/api/native.ts';
import type { JsonValue } from '../chain/descriptors/index.ts';
import { addNode, type NodeOptions } from './options.ts';
import { printable, show } from './output.ts';
import type { Terminal } from './terminal.ts';

export function addStatusCommand(status: Command, terminal: Terminal): void {
  addNode(status)
    .addHelpText('after', '\nExample:\n  $ depind status --node http://localhost:26657 -o json\n')
    .action(async (options: NodeOptions) => {
      const [{ RpcClient }, { nodeUrl }] = await Promise.all([
        import('./node/rpcClient.ts'),
        import('./node/nodeUrl.ts'),
      ]);
      const rpc = new RpcClient(await nodeUrl(options, terminal), options.timeout);
      const answer = (await rpc.call('status')) as JsonValue;
      show(terminal, options.output, answer, statusText(answer));
    });
}

function statusText(status: JsonValue): string {
  const { node_info: node, sync_info: sync } = toObject(status);
  const { network, moniker, version } = toObject(node);
  const { latest_block_height: height, latest_block_time: time } = toObject(sync);
  const { latest_block_hash: hash, latest_app_hash: appHash, catching_up: behind } = toObject(sync);
  const lines = [
    ['chain', network],
    ['node', `${String(moniker)} (CometBFT ${String(version)})`],
    ['height', height],
    ['time', time],
    ['block hash', hash],
    ['app hash', appHash],
    ['catching up', behind],
  ];
  return lines.map(([name, value]) => printable(`${name}: ${String(value)}`)).join('\n');
}
