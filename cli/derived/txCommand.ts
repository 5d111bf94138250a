/** `depind tx`: a command for every message of every module, derived from the `.proto` texts. */
import type { Command } from 'commander';
import {
  type Descriptors,
  fromJson,
  type JsonObject,
  type MethodDescription,
} from '../../chain/descriptors/index.ts';
import { parseCoinsText } from '../coins.ts';
import { sharedDescriptors } from '../descriptors.ts';
import { openKeyring } from '../keys/open.ts';
import type { Terminal } from '../terminal.ts';
import { addBroadcastCommand } from '../tx/broadcastCommand.ts';
import { addTxOptions, TX_FLAGS, type TxOptions } from '../tx/options.ts';
import { addPlanUpgrade, SOFTWARE_UPGRADE } from '../tx/planUpgrade.ts';
import { sendTx } from '../tx/send.ts';
import { addressOf } from '../tx/signer.ts';
import { addParameters, type Parameters, requestOf } from './arguments.ts';
import { fieldsOf } from './fields.ts';
import { methodsOfModules } from './modules.ts';
import { aliasesOf, kebabCase, wordsOf } from './names.ts';

const SEND = '/cosmos.bank.v1beta1.Msg/Send';

/** Fills `tx` with a group for each module. */
export async function addTxCommands(tx: Command, terminal: Terminal): Promise<void> {
  const descriptors = sharedDescriptors();
  for (const { module, methods } of await methodsOfModules(descriptors, 'msg')) {
    const group = tx.command(module).description(`messages of the module ${module}`);
    for (const method of methods) {
      if (method.path === SOFTWARE_UPGRADE) addPlanUpgrade(group, terminal);
      if (method.path === SEND) addSend(group, terminal);
      else addMessage(group, { descriptors, terminal, module, method });
    }
  }
  addBroadcastCommand(tx, terminal);
}

interface MessageCommand {
  readonly descriptors: Descriptors;
  readonly terminal: Terminal;
  readonly module: string;
  readonly method: MethodDescription;
}

function addMessage(group: Command, { descriptors, terminal, module, method }: MessageCommand) {
  const name = kebabCase(method.name);
  const [signerField] = descriptors.schema(method.requestType).signers;
  const fields = fieldsOf(descriptors, method.requestType, TX_FLAGS);
  const optional = fields.filter(({ schema }) => schema.name !== signerField);
  const parameters: Parameters = { required: [], optional };
  const { first, all } = wordsOf(method.comment);
  const command = group
    .command(name)
    .aliases(aliasesOf('tx', module, name))
    .summary(first)
    .description(all);
  addParameters(command, parameters);
  addTxOptions(command).addHelpText('after', exampleOf(module, name, parameters));
  command.action(async () => {
    const options = command.opts<TxOptions>();
    const keyring = openKeyring(options, terminal);
    const request = await requestOf(command, parameters, (text, title) =>
      addressOf(keyring, text, title),
    );
    await sendTx(
      async (signer) => {
        const message = signerField === undefined ? request : { [signerField]: signer, ...request };
        // Encoded here too, so that errors name the message's own fields.
        fromJson(descriptors, method.requestType, message);
        return [{ '@type': `/${method.requestType}`, ...message }];
      },
      options,
      terminal,
    );
  });
}

function exampleOf(module: string, name: string, { optional }: Parameters): string {
  const flags = optional.slice(0, 2).map((field) => ` --${field.name} …`);
  return `\nExample:\n  $ depind tx ${module} ${name}${flags.join('')} --from alice -y\n`;
}

function addSend(group: Command, terminal: Terminal): void {
  const command = group
    .command('send')
    .description('send coins from one account to another')
    .argument('<from>', 'key that pays and signs: its name or address')
    .argument('<to>', 'address, or the name of a key')
    .argument('<amount>', 'coins, such as 5000udepin');
  addTxOptions(command)
    .addHelpText('after', '\nExample:\n  $ depind tx bank send alice bob 5000udepin -y -o json\n')
    .action(async (from: string, to: string, amount: string, options: TxOptions) => {
      const coins = parseCoinsText(amount, 'amount');
      const keyring = openKeyring(options, terminal);
      const recipient = await addressOf(keyring, to, 'to');
      const makeMessages = async (signer: string): Promise<JsonObject[]> => [
        {
          '@type': '/cosmos.bank.v1beta1.MsgSend',
          from_address: signer,
          to_address: recipient,
          amount: coins.map(({ denom, amount: units }) => ({ denom, amount: units })),
        },
      ];
      await sendTx(makeMessages, { ...options, from }, terminal);
    });
}
