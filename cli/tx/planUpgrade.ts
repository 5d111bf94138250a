/** `depind tx upgrade plan`: a planned upgrade in words, where the derived command takes the plan as JSON. */
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { uint64 } from '../values.ts';
import { addTxOptions, type TxOptions } from './options.ts';
import { sendTx } from './send.ts';

/** The method whose message it sends. */
export const SOFTWARE_UPGRADE = '/cosmos.upgrade.v1beta1.Msg/SoftwareUpgrade';

interface PlanOptions extends TxOptions {
  readonly info: string;
}

export function addPlanUpgrade(group: Command, terminal: Terminal): void {
  const command = group
    .command('plan')
    .description(
      'plan an upgrade: at its height this program halts, and one that knows the name goes on. Only the authority of the chain may (depind query upgrade authority)',
    )
    .argument('<name>', 'name of the upgrade, as the new program knows it')
    .argument('<height>', 'first block of the new program', uint64)
    .option('--info <text>', 'for operators: where the new program is found', '');
  addTxOptions(command)
    .addHelpText('after', '\nExample:\n  $ depind tx upgrade plan v2 500 --from alice -y\n')
    .action((name: string, height: bigint, { info, ...options }: PlanOptions) => {
      const makeMessages = async (authority: string) => [
        {
          '@type': '/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade',
          authority,
          plan: { name, height: height.toString(), info },
        },
      ];
      return sendTx(makeMessages, options, terminal);
    });
}
