/** Accounts as they stand in state: an Any that holds a BaseAccount or a ModuleAccount. */
import type { ValueCodec } from '../../chain/state/values.ts';
import { BaseAccount, ModuleAccount } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import { Any } from '../../wire/gen/google/protobuf/any.ts';
import { decodeBaseAccount, encodeBaseAccount } from './baseAccountBytes.ts';

const BASE = '/cosmos.auth.v1beta1.BaseAccount';
const MODULE = '/cosmos.auth.v1beta1.ModuleAccount';

/** `module` is set for accounts that no key controls. */
export interface Account {
  readonly base: BaseAccount;
  readonly module?: { readonly name: string; readonly permissions: readonly string[] };
}

export function accountToAny({ base, module }: Account): Any {
  if (module === undefined) return { typeUrl: BASE, value: BaseAccount.encode(base).finish() };
  const value = { baseAccount: base, name: module.name, permissions: [...module.permissions] };
  return { typeUrl: MODULE, value: ModuleAccount.encode(value).finish() };
}

/** @throws TypeError for another kind of account. */
export function accountFromAny(any: Any): Account {
  if (any.typeUrl === BASE) return { base: BaseAccount.decode(any.value) };
  if (any.typeUrl === MODULE) {
    const { baseAccount, name, permissions } = ModuleAccount.decode(any.value);
    if (baseAccount === undefined) throw new TypeError(`account ${name}: base_account is missing`);
    return { base: baseAccount, module: { name, permissions } };
  }
  throw new TypeError(`account: expected ${BASE} or ${MODULE}, got "${any.typeUrl.slice(0, 100)}"`);
}

/** Accounts are read and written with every transaction: those of people go the short way. */
export const accountValue: ValueCodec<Account> = {
  encode(account) {
    const { base, module } = account;
    const short = module === undefined ? encodeBaseAccount(base) : undefined;
    return short ?? Any.encode(accountToAny(account)).finish();
  },
  decode(bytes) {
    const known = people.find(bytes) ?? others.find(bytes);
    if (known !== undefined) return known;
    const base = decodeBaseAccount(bytes);
    const account = base === undefined ? accountFromAny(Any.decode(bytes)) : { base };
    (base === undefined ? others : people).keep(bytes, account);
    return account;
  },
};

/**
 * The accounts that were decoded last, by which array they were in: a transaction asks for one several times, and a
 * block for that of the fees with each transaction. A store never changes an array that it gave.
 */
class RecentAccounts {
  readonly #bytes: (Uint8Array | undefined)[] = [undefined, undefined, undefined, undefined];
  readonly #accounts: (Account | undefined)[] = [undefined, undefined, undefined, undefined];
  #next = 0;

  find(bytes: Uint8Array): Account | undefined {
    for (let i = 0; i < 4; i++) if (this.#bytes[i] === bytes) return this.#accounts[i];
    return undefined;
  }

  keep(bytes: Uint8Array, account: Account): void {
    this.#bytes[this.#next] = bytes;
    this.#accounts[this.#next] = account;
    this.#next = (this.#next + 1) % 4;
  }
}

const people = new RecentAccounts();
/** Apart from those of people, of whom each transaction brings new ones. */
const others = new RecentAccounts();
