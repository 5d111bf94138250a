/** Refuses what the types of a declaration cannot: names that mean something else, and names of nothing. */
import type { ErrorTable, Module, Uses } from './context.ts';
import type { ServiceDefinition } from './service.ts';

/** A codespace in results, a store in proofs and paths, a section of the genesis. */
const NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** The codespaces of the engine. */
const CODESPACES: ReadonlySet<string> = new Set(['sdk', 'undefined']);
/** Codes are uint32 in results. */
const MAX_CODE = 0xffff_ffff;

/** What contexts, views and migrations have under a name of their own. */
const IN_CONTEXTS: ReadonlySet<string> = new Set([
  ...['chainId', 'height', 'timeNs', 'proposerAddress', 'addresses', 'verifier', 'denom'],
  ...['state', 'params', 'fail', 'emit', 'emitRaw', 'hooks', 'open'],
  ...['setParams', 'consumeGas', 'attempt', 'archive', 'archived'],
]);

/** The parts of a declaration that name others. */
export interface Declared {
  readonly storeName?: string | undefined;
  readonly uses?: Uses | undefined;
  readonly errors?: ErrorTable | undefined;
  readonly gas?: Readonly<Record<string, unknown>> | undefined;
  readonly on?: Readonly<Record<string, unknown>> | undefined;
  readonly msg: ServiceDefinition;
  readonly messages: Readonly<Record<string, unknown>>;
  readonly query: ServiceDefinition;
  readonly queries: Readonly<Record<string, unknown>>;
}

/** @throws TypeError naming what is wrong. */
export function checkDeclaration(name: string, declared: Declared): void {
  checkName(`name of the module`, name);
  checkName(`${name}.storeName`, declared.storeName ?? name);
  checkErrors(name, declared.errors ?? {});
  checkUses(name, declared.uses ?? {}, declared.on ?? {});
  checkHandlers(`${name}.messages`, declared.msg, declared.messages);
  checkHandlers(`${name}.queries`, declared.query, declared.queries);
  checkGas(name, declared.gas ?? {}, declared.msg);
}

function checkName(what: string, name: string): void {
  if (NAME.test(name) && !CODESPACES.has(name)) return;
  throw new TypeError(
    `${what}: expected lower-case letters, digits and _, a letter first, and not "sdk", got "${name.slice(0, 80)}"`,
  );
}

function checkErrors(name: string, errors: ErrorTable): void {
  const seen = new Set<number>();
  for (const [key, [code]] of Object.entries(errors)) {
    if (!Number.isInteger(code) || code < 2 || code > MAX_CODE) {
      throw new TypeError(`${name}.errors.${key}: expected a code from 2 up, got ${code}`);
    }
    if (seen.has(code)) throw new TypeError(`${name}.errors.${key}: code ${code} is taken`);
    seen.add(code);
  }
}

function checkUses(name: string, uses: Uses, on: Readonly<Record<string, unknown>>): void {
  for (const used of Object.keys(uses)) {
    if (!IN_CONTEXTS.has(used)) continue;
    throw new TypeError(`${name}.uses.${used}: a context has something else under this name`);
  }
  for (const [source, answers] of Object.entries(on)) {
    if (uses[source] === undefined) throw new TypeError(`${name}.on.${source}: is not in uses`);
    const hooks = hooksOf(uses[source]);
    for (const hook of Object.keys(answers as object)) {
      if (hook in hooks) continue;
      throw new TypeError(`${name}.on.${source}.${hook}: ${source} has no such hook`);
    }
  }
}

const hooksOf = ({ definition }: Module): object =>
  (definition as { readonly hooks?: object }).hooks ?? {};

function checkHandlers(
  what: string,
  { methods }: ServiceDefinition,
  handlers: Readonly<Record<string, unknown>>,
): void {
  for (const method of Object.keys(methods)) {
    if (typeof handlers[method] === 'function') continue;
    throw new TypeError(`${what}.${method}: expected a handler, got none`);
  }
}

function checkGas(
  name: string,
  gas: Readonly<Record<string, unknown>>,
  { methods }: ServiceDefinition,
): void {
  for (const [method, amount] of Object.entries(gas)) {
    if (!(method in methods)) throw new TypeError(`${name}.gas.${method}: no such message`);
    if (typeof amount === 'bigint' && amount >= 0n) continue;
    throw new TypeError(`${name}.gas.${method}: expected 0 or more, got ${amount}`);
  }
}
