/** `depind tx broadcast`: hands in a transaction that was signed before, from a file of its JSON. */
import type { Command } from 'commander';
import { toObject } from '../../chain/api/native.ts';
import type { JsonValue } from '../../chain/descriptors/index.ts';
import { fromJson } from '../../chain/descriptors/index.ts';
import { fromBase64 } from '../../wire/bytes.ts';
import { TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { fileText } from '../derived/fields.ts';
import { CliError } from '../errors.ts';
import { connect } from '../node/connect.ts';
import { addNode } from '../options.ts';
import { confirm, type Terminal } from '../terminal.ts';
import { broadcastAndWait } from './broadcast.ts';
import { addBroadcasting, type TxOptions } from './options.ts';

export function addBroadcastCommand(tx: Command, terminal: Terminal): void {
  const command = tx
    .command('broadcast')
    .description('hand in a signed transaction')
    .argument('<file>', 'JSON of the transaction, as --offline prints it');
  addBroadcasting(addNode(command))
    .addHelpText('after', '\nExample:\n  $ depind tx broadcast signed.json -y\n')
    .action(async (path: string, options: TxOptions) => {
      const client = await connect(options, terminal);
      const text = await fileText(path, 'file');
      const tx = toObject(parse(text, path));
      const { body, auth_info: authInfo, signatures } = tx;
      if (!Array.isArray(signatures) || signatures.length === 0) {
        throw new CliError(`${path}: signatures: expected one or more, got none`);
      }
      const bytes = TxRaw.encode({
        bodyBytes: fromJson(client.descriptors, 'cosmos.tx.v1beta1.TxBody', body, 'body'),
        authInfoBytes: fromJson(
          client.descriptors,
          'cosmos.tx.v1beta1.AuthInfo',
          authInfo,
          'auth_info',
        ),
        signatures: signatures.map((signature, index) =>
          fromBase64(String(signature), `signatures[${index}]`),
        ),
      }).finish();
      if (!options.yes) await confirm(terminal, 'Send this transaction?');
      await broadcastAndWait(client, bytes, options, terminal);
    });
}

function parse(text: string, path: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new CliError(`${path}: expected the JSON of a transaction`, { cause });
  }
}
