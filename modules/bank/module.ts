import type { Coin } from '../../chain/math/coins.ts';
import { defineModule } from '../../chain/module/defineModule.ts';
import { gatherFields } from '../../chain/module/definition.ts';
import { keySet, map } from '../../chain/state/collections.ts';
import { integerValue } from '../../chain/state/values.ts';
import { Metadata, Params } from '../../wire/gen/cosmos/bank/v1beta1/bank.ts';
import { GenesisState } from '../../wire/gen/cosmos/bank/v1beta1/genesis.ts';
import { QueryDefinition } from '../../wire/gen/cosmos/bank/v1beta1/query.ts';
import { MsgDefinition } from '../../wire/gen/cosmos/bank/v1beta1/tx.ts';
import { lengthPrefixedAddressKey, pair, partPrefix, textKey } from '../../wire/keys.ts';
import { auth } from '../auth/module.ts';
import { genesisFields, initGenesis } from './genesis.ts';
import { BANK_PREFIX, balanceKeyCodec } from './keys.ts';
import { ledgerOf } from './ledger.ts';
import { multiSend, send } from './messages.ts';
import { queries } from './queries.ts';

const DEFAULT_PARAMS: Params = { sendEnabled: [], defaultSendEnabled: true };

export const bankState = {
  supply: map(BANK_PREFIX.supply, textKey, integerValue),
  denomMetadata: map(BANK_PREFIX.denomMetadata, textKey, Metadata),
  balances: map(BANK_PREFIX.balances, balanceKeyCodec, integerValue),
  denomAddresses: keySet(
    BANK_PREFIX.denomAddresses,
    pair(textKey, lengthPrefixedAddressKey),
    new Uint8Array(0),
  ),
};

export const bankErrors = {
  NoInputs: [2, 'no inputs to send transaction'],
  NoOutputs: [3, 'no outputs to send transaction'],
  InputOutputMismatch: [4, 'sum inputs != sum outputs'],
  SendDisabled: [5, 'send transactions are disabled'],
} as const;

/** Bank: who holds how many coins. What is minted and burned is all that changes the supply. */
export const bank = defineModule('bank', {
  firstVersion: 4, // of SDK v0.50
  uses: { auth },
  params: { prefix: BANK_PREFIX.params, type: Params, default: DEFAULT_PARAMS },
  state: bankState,
  errors: bankErrors,
  msg: MsgDefinition,
  messages: { send, multiSend },
  query: QueryDefinition,
  queries,
  genesis: {
    type: GenesisState,
    default: { params: DEFAULT_PARAMS, balances: [], supply: [], denomMetadata: [] },
    init: initGenesis,
    export: (view) => gatherFields(genesisFields(view)),
    fields: genesisFields,
  },
  invariants: {
    'the supply is the sum of the balances': ({ state }) => {
      const sums = new Map<string, bigint>();
      for (const [[, denom], amount] of state.balances.entries()) {
        if (amount <= 0n) return `a balance of ${amount}${denom}`;
        sums.set(denom, (sums.get(denom) ?? 0n) + amount);
      }
      for (const [denom, supply] of state.supply.entries()) {
        if (sums.get(denom) !== supply) return `${denom}: supply ${supply}, sum ${sums.get(denom)}`;
        sums.delete(denom);
      }
      return sums.size === 0 || `no supply of ${[...sums.keys()].join()}`;
    },
  },
  views: ({ state }) => ({
    denoms(address: Uint8Array, most: number): readonly string[] {
      const within = partPrefix(lengthPrefixedAddressKey, address);
      const held: string[] = [];
      for (const [[, denom]] of state.balances.entries({ within })) {
        if (held.push(denom) === most) break;
      }
      return held;
    },
    balance: (address: Uint8Array, denom: string): bigint =>
      state.balances.get([address, denom]) ?? 0n,
    supply: (denom: string): bigint => state.supply.get(denom) ?? 0n,
  }),
  api(context) {
    const ledger = ledgerOf(context);
    return {
      send: ledger.send,
      /** Makes the account of a module, to which nobody else can send; modules do it at genesis. */
      openModuleAccount: (name: string, ...permissions: readonly string[]): void =>
        void context.auth.ensureModule(name, permissions),
      mint: ledger.mint,
      burn: ledger.burn,
      sendFromModule: (name: string, to: Uint8Array, coins: readonly Coin[]) =>
        ledger.send(context.auth.ensureModule(name, []), to, coins),
      sendToModule: (from: Uint8Array, name: string, coins: readonly Coin[]) =>
        ledger.send(from, context.auth.ensureModule(name, []), coins),
    };
  },
});
