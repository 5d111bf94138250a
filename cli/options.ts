/** Flags that several commands share. */
import { type Command, Option } from 'commander';
import type { OutputFormat } from './output.ts';
import { duration, integerBetween } from './values.ts';

export interface HomeOptions {
  readonly home?: string;
}

export interface OutputOptions {
  readonly output: OutputFormat;
}

export interface NodeOptions extends HomeOptions, OutputOptions {
  readonly node?: string;
  readonly timeout: number;
}

export function addHome(command: Command): Command {
  return command.option(
    '--home <folder>',
    'home folder (env DEPIND_HOME; default ./.localnet when a localnet is there, else ~/.depind)',
  );
}

export function addOutput(command: Command): Command {
  return command.addOption(
    new Option('-o, --output <format>', 'format of the result on stdout')
      .choices(['text', 'json'])
      .default('text'),
  );
}

/** Home, node and output: what every command that asks a node takes. */
export function addNode(command: Command): Command {
  addHome(command)
    .option('--node <url>', "the node's RPC (default: the home's localnet, or localhost:26657)")
    .addOption(durationOption('--timeout', 'how long to wait for an answer of the node', '10s'));
  return addOutput(command);
}

/** A flag whose value is a duration in milliseconds; help shows the default as it is given here. */
export function durationOption(flag: string, description: string, usual: string): Option {
  return new Option(`${flag} <duration>`, description)
    .argParser(duration)
    .default(duration(usual), usual);
}

export function addKeyring(command: Command): Command {
  return command.addOption(
    new Option('--keyring-backend <backend>', 'where keys lie: test is not encrypted, file is')
      .choices(['test', 'file'])
      .default('test')
      .env('DEPIND_KEYRING_BACKEND'),
  );
}

export const index = integerBetween(0, 0x7fff_ffff);
