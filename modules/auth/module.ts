import { defineModule, NO_SERVICE, only } from '../../chain/module/defineModule.ts';
import { gatherFields } from '../../chain/module/definition.ts';
import { sdkError } from '../../chain/module/errors.ts';
import { keySet, map, sequence } from '../../chain/state/collections.ts';
import { paginate } from '../../chain/state/pagination.ts';
import { bytesValue } from '../../chain/state/values.ts';
import { moduleAddress } from '../../wire/address.ts';
import type { BaseAccount } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import { Params } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import { GenesisState } from '../../wire/gen/cosmos/auth/v1beta1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/cosmos/auth/v1beta1/query.ts';
import { addressKey, int64Key, pair, uint64Key } from '../../wire/keys.ts';
import { type Account, accountFromAny, accountToAny, accountValue } from './account.ts';
import { genesisFields } from './genesis.ts';
import { AUTH_PREFIX, AUTH_STORE } from './keys.ts';
import { modulesAmong } from './moduleAccounts.ts';

/** Parameters of a new SDK chain. */
const DEFAULT_PARAMS: Params = {
  maxMemoCharacters: 256n,
  txSigLimit: 7n,
  txSizeCostPerByte: 10n,
  sigVerifyCostEd25519: 590n,
  sigVerifyCostSecp256k1: 1000n,
};

/** Auth: who may sign, with which key, and which transaction of an account comes next. */
export const auth = defineModule('auth', {
  storeName: AUTH_STORE,
  firstVersion: 5, // of SDK v0.50
  params: { prefix: AUTH_PREFIX.params, type: Params, default: DEFAULT_PARAMS },
  state: {
    accounts: map(AUTH_PREFIX.accounts, addressKey, accountValue),
    nextNumber: sequence(AUTH_PREFIX.globalAccountNumber, 0n),
    numbers: map(AUTH_PREFIX.accountNumbers, uint64Key, bytesValue),
    nonces: keySet(AUTH_PREFIX.unorderedNonces, pair(int64Key, addressKey), new Uint8Array(0)),
  },
  msg: NO_SERVICE,
  messages: {},
  query: only(QueryDefinition, 'account', 'accounts', 'params', 'bech32Prefix', 'moduleAccounts'),
  queries: {
    account({ state, addresses }, { address }) {
      const account = state.accounts.get(addresses.parse(address, 'address'));
      if (account === undefined) {
        throw sdkError(
          'keyNotFound',
          `rpc error: code = NotFound desc = account ${address} not found`,
        );
      }
      return { account: accountToAny(account) };
    },
    accounts({ state }, request) {
      const page = paginate(state.accounts, request.pagination);
      return {
        accounts: page.entries.map(([, account]) => accountToAny(account)),
        pagination: page.pagination,
      };
    },
    params: ({ params }) => ({ params }),
    bech32Prefix: ({ addresses }) => ({
      bech32Prefix: addresses.format(new Uint8Array(20)).split('1', 1)[0]!,
    }),
    moduleAccounts({ state }) {
      const accounts = [...modulesAmong(state.accounts.entries())].map(accountToAny);
      return { accounts };
    },
  },
  genesis: {
    type: GenesisState,
    default: { params: DEFAULT_PARAMS, accounts: [] },
    init({ state, setParams, addresses }, genesis) {
      setParams(genesis.params ?? DEFAULT_PARAMS);
      let next = 0n;
      genesis.accounts.forEach((any, i) => {
        const account = accountFromAny(any);
        const { base } = account;
        const address = addresses.parse(base.address, `accounts[${i}].address`);
        if (state.accounts.has(address)) {
          throw sdkError('invalidRequest', `accounts[${i}].address: ${base.address} stands twice`);
        }
        // An exported genesis numbers its accounts; a written one leaves them all at 0, as `simd` does.
        if (state.numbers.get(base.accountNumber) !== undefined) base.accountNumber = next;
        if (base.accountNumber >= next) next = base.accountNumber + 1n;
        state.accounts.set(address, account);
        state.numbers.set(base.accountNumber, address);
      });
      state.nextNumber.set(next);
    },
    export: (view) => gatherFields(genesisFields(view)),
    fields: genesisFields,
  },
  // Nonces that no unordered transaction can use again. The SDK forgets one at its very time already, when the
  // transaction that used it is still good and could come a second time.
  beginBlock({ state, timeNs }) {
    const over: (readonly [bigint, Uint8Array])[] = [];
    for (const [nonce] of state.nonces.entries()) {
      if (nonce[0] >= timeNs) break;
      over.push(nonce);
    }
    for (const nonce of over) state.nonces.remove(nonce);
  },
  invariants: {
    'account numbers are unique and below the next one': ({ state }) => {
      const next = state.nextNumber.peek();
      const seen = new Set<bigint>();
      for (const [, { base }] of state.accounts.entries()) {
        if (base.accountNumber >= next || seen.has(base.accountNumber)) return base.address;
        seen.add(base.accountNumber);
      }
      return true;
    },
  },
  // The view is not taken apart: parameters are read, and paid for, only when they are asked for.
  views: (view) => ({
    account: (address: Uint8Array): Account | undefined => view.state.accounts.get(address),
    txParams: (): Params => view.params,
  }),
  api({ state, addresses }) {
    const create = (address: Uint8Array, module?: Account['module']): Account => {
      const base: BaseAccount = {
        address: addresses.format(address),
        pubKey: undefined,
        accountNumber: state.nextNumber.next(),
        sequence: 0n,
      };
      const account: Account = module === undefined ? { base } : { base, module };
      state.accounts.set(address, account);
      state.numbers.set(base.accountNumber, address);
      return account;
    };
    return {
      save: (address: Uint8Array, account: Account) => state.accounts.set(address, account),
      /** Remembers that the account used a timeout for an unordered transaction; false when it did before. */
      useNonce(address: Uint8Array, timeoutNs: bigint): boolean {
        if (state.nonces.has([timeoutNs, address])) return false;
        state.nonces.add([timeoutNs, address]);
        return true;
      },
      /** The account, made when the address is new. */
      ensure: (address: Uint8Array): Account => state.accounts.get(address) ?? create(address),
      /** The address of a module's account, which is made when it is new. */
      ensureModule(name: string, permissions: readonly string[]): Uint8Array {
        const address = moduleAddress(name);
        if (!state.accounts.has(address)) create(address, { name, permissions });
        return address;
      },
    };
  },
});
