/** Arguments and flags of a derived command, and the request that they add up to. */
import type { Command } from 'commander';
import type { JsonObject } from '../../chain/descriptors/index.ts';
import { CliError } from '../errors.ts';
import { type Field, jsonOfText } from './fields.ts';

/** Fields that must be given stand as `<arguments>`, the others as `[arguments]` and as flags. */
export interface Parameters {
  readonly required: readonly Field[];
  readonly optional: readonly Field[];
}

export function addParameters(command: Command, { required, optional }: Parameters): void {
  for (const { name, help } of required) command.argument(`<${name}>`, help);
  for (const { name, help, schema } of optional) {
    command.argument(`[${name}]`, help);
    const value = schema.kind === 'bool' ? '[value]' : '<value>';
    command.option(`--${name} ${value}`, help);
  }
}

/**
 * The request as JSON. Key names in address fields become addresses.
 * @throws CliError naming a field that is given twice or is not of its form.
 */
export async function requestOf(
  command: Command,
  { required, optional }: Parameters,
  toAddress: (text: string, title: string) => Promise<string>,
): Promise<JsonObject> {
  const request: JsonObject = {};
  const flags: Readonly<Record<string, unknown>> = command.opts();
  for (const [position, field] of [...required, ...optional].entries()) {
    const argument = command.args[position];
    const flag = position < required.length ? undefined : flags[attributeName(field.name)];
    if (argument !== undefined && flag !== undefined) {
      throw new CliError(`--${field.name}: given twice, as an argument and as a flag`);
    }
    const text = argument ?? flag;
    if (text === undefined) continue;
    const value = text === true ? 'true' : String(text);
    request[field.schema.name] = field.isAddress
      ? await toAddress(value, `--${field.name}`)
      : await jsonOfText(field, value);
  }
  return request;
}

/** As commander names the values of flags. */
function attributeName(flag: string): string {
  return flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
