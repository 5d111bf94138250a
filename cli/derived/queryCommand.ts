/** `depind query`: a command for every query of every module, derived from the `.proto` texts. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Descriptors, JsonObject, MethodDescription } from '../../chain/descriptors/index.ts';
import { sharedDescriptors } from '../descriptors.ts';
import { CliError } from '../errors.ts';
import type { KeyringBackend } from '../keys/keyring.ts';
import { openKeyring } from '../keys/open.ts';
import { connect } from '../node/connect.ts';
import { addKeyring, addNode, type NodeOptions } from '../options.ts';
import { show } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { addressOf } from '../tx/signer.ts';
import { uint64 } from '../values.ts';
import { addParameters, type Parameters, requestOf } from './arguments.ts';
import { addChainQueries } from './chainQueries.ts';
import { fieldsOf } from './fields.ts';
import { methodsOfModules } from './modules.ts';
import { aliasesOf, kebabCase, wordsOf } from './names.ts';

const PAGE_REQUEST = 'cosmos.base.query.v1beta1.PageRequest';
const FLAGS: ReadonlySet<string> = new Set(
  'home node timeout output keyring-backend height page page-key limit offset count-total reverse help'.split(
    ' ',
  ),
);

interface QueryOptions extends NodeOptions {
  readonly height?: bigint;
  readonly keyringBackend: KeyringBackend;
  readonly page?: bigint;
  readonly pageKey?: string;
  readonly limit?: bigint;
  readonly offset?: bigint;
  readonly countTotal?: boolean;
  readonly reverse?: boolean;
}

/** Fills `query` with a group for each module, and with blocks and transactions. */
export async function addQueryCommands(query: Command, terminal: Terminal): Promise<void> {
  const descriptors = sharedDescriptors();
  addChainQueries(query, terminal);
  for (const { module, methods } of await methodsOfModules(descriptors, 'query')) {
    const group = query.command(module).description(`state of the module ${module}`);
    for (const method of methods) addQuery(group, { descriptors, terminal, module, method });
  }
}

interface QueryCommand {
  readonly descriptors: Descriptors;
  readonly terminal: Terminal;
  readonly module: string;
  readonly method: MethodDescription;
}

function addQuery(group: Command, { descriptors, terminal, module, method }: QueryCommand): void {
  const name = kebabCase(method.name);
  const fields = fieldsOf(descriptors, method.requestType, FLAGS);
  const inPath = pathVariables(method.http?.path ?? '');
  const page = fields.find(({ schema }) => schema.typeName === PAGE_REQUEST);
  const rest = fields.filter((field) => field !== page);
  const parameters: Parameters = {
    required: inPath.flatMap((variable) => rest.filter(({ schema }) => schema.name === variable)),
    optional: rest.filter(({ schema }) => !inPath.includes(schema.name)),
  };
  const { first, all } = wordsOf(method.comment);
  const command = group
    .command(name)
    .aliases(aliasesOf('query', module, name))
    .summary(first)
    .description(all);
  addParameters(command, parameters);
  addKeyring(addNode(command)).option(
    '--height <height>',
    'state to read (default: the latest)',
    uint64,
  );
  if (page !== undefined) addPageOptions(command);
  const words = parameters.required.map((field) => ` <${field.name}>`).join('');
  command.addHelpText('after', `\nExample:\n  $ depind query ${module} ${name}${words} -o json\n`);
  command.action(async () => {
    const options = command.opts<QueryOptions>();
    const request = await requestOf(command, parameters, (text, title) =>
      addressOf(openKeyring(options, terminal), text, title),
    );
    const client = await connect(options, terminal);
    const paged = page === undefined ? {} : { [page.schema.name]: pageOf(options) };
    const answer = await client.query(method.path, { ...request, ...paged }, options.height ?? 0n);
    show(terminal, options.output, answer);
  });
}

/** `/a/{address}/b/{denom=**}` names `address` and `denom`. */
function pathVariables(template: string): string[] {
  return [...template.matchAll(/\{([a-z0-9_]+)[^}]*\}/g)].map((match) => match[1]!);
}

function addPageOptions(command: Command): void {
  command
    .option('--limit <number>', 'entries of a page (default: what the chain gives)', uint64)
    .option('--page <number>', 'page, from 1', positive)
    .option('--offset <number>', 'entries to leave out', uint64)
    .option('--page-key <base64>', 'next_key of the page before')
    .option('--count-total', 'count all entries')
    .option('--reverse', 'from the last entry on');
}

function positive(text: string): bigint {
  const value = uint64(text);
  if (value > 0n) return value;
  throw new InvalidArgumentError('expected 1 or more.');
}

const DEFAULT_LIMIT = 100n;

function pageOf(options: QueryOptions): JsonObject {
  const { page, pageKey, limit, offset, countTotal = false, reverse = false } = options;
  const ways = [page, pageKey, offset].filter((way) => way !== undefined);
  if (ways.length > 1) throw new CliError('--page, --offset and --page-key: expected one of them');
  const start = page === undefined ? (offset ?? 0n) : (page - 1n) * (limit ?? DEFAULT_LIMIT);
  return {
    ...(pageKey === undefined ? { offset: start.toString() } : { key: pageKey }),
    ...(limit === undefined ? {} : { limit: limit.toString() }),
    count_total: countTotal,
    reverse,
  };
}
