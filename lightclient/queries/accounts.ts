/** Accounts and balances of an SDK chain (x/auth and x/bank of v0.47 to v0.53), from their store keys. */
import { concatBytes, fromUtf8, toUtf8 } from '../../wire/bytes.ts';
import { ProtoWriter } from '../../wire/protobuf.ts';
import {
  found,
  NotProvableError,
  notFound,
  type ProvenQuery,
  type ProvenReads,
} from '../../wire/provenQuery.ts';
import { addressKey, encodeCoin, Fields, provenPage } from './messages.ts';

const AUTH = { store: 'acc', params: 0x00, account: 0x01 } as const;
const BANK = { store: 'bank', supply: 0x00, metadata: 0x01, balance: 0x02, params: 0x05 } as const;
const AMOUNT = /^(?:0|[1-9][0-9]{0,80})$/;

/** The query of a module's params: the whole value of one key. */
export function paramsQuery(store: string, prefix: number): ProvenQuery {
  return async (_request, state) => {
    const params = await state.get(store, Uint8Array.of(prefix));
    // A chain of before v0.47 keeps them elsewhere: that they are not here says nothing.
    if (params === undefined) throw new NotProvableError(`${store}: params stand elsewhere`);
    return found(new ProtoWriter().message(1, params).finish());
  };
}

const account: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryAccountRequest');
  const key = concatBytes(Uint8Array.of(AUTH.account), asked.address(1));
  const any = await state.get(AUTH.store, key);
  if (any === undefined) return notFound(`account ${asked.text(1)} not found`);
  return found(new ProtoWriter().message(1, any).finish());
};

/** What an account has of a denomination. */
export async function balanceOf(
  state: ProvenReads,
  address: Uint8Array,
  denom: string,
): Promise<bigint> {
  const key = concatBytes(addressKey(BANK.balance, address), toUtf8(denom));
  return amountOf((await state.get(BANK.store, key)) ?? toUtf8('0'));
}

/** Amounts stand as decimal text; accounts untouched since before v0.46 still have a Coin. */
function amountOf(value: Uint8Array): bigint {
  const isCoin = value[0] === 0x0a;
  const text = isCoin ? new Fields(value, 'Coin').text(2) : fromUtf8(value, 'balance');
  if (AMOUNT.test(text)) return BigInt(text);
  throw new NotProvableError(`balance: expected an amount, got "${text.slice(0, 40)}"`);
}

const balance: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryBalanceRequest');
  const denom = asked.text(2);
  const amount = await balanceOf(state, asked.address(1), denom);
  return found(new ProtoWriter().message(1, encodeCoin(denom, amount)).finish());
};

const allBalances: ProvenQuery = async (request, state) => {
  const asked = new Fields(request, 'QueryAllBalancesRequest');
  return coinPage(state, addressKey(BANK.balance, asked.address(1)), asked.bytes(2));
};

const totalSupply: ProvenQuery = (request, state) =>
  coinPage(state, Uint8Array.of(BANK.supply), new Fields(request, 'pagination').bytes(1));

/** A list of amounts by denomination: field 1 repeats, field 2 is the PageResponse. */
async function coinPage(state: ProvenReads, prefix: Uint8Array, request: Uint8Array) {
  const page = await provenPage(state, { store: BANK.store, prefix, request });
  const writer = new ProtoWriter();
  for (const [denom, value] of page.entries) {
    writer.message(1, encodeCoin(fromUtf8(denom, 'denom'), amountOf(value)));
  }
  return found(writer.message(2, page.pagination).finish());
}

const supplyOf: ProvenQuery = async (request, state) => {
  const denom = new Fields(request, 'QuerySupplyOfRequest').text(1);
  const value = await state.get(BANK.store, concatBytes(Uint8Array.of(BANK.supply), toUtf8(denom)));
  const coin = encodeCoin(denom, amountOf(value ?? toUtf8('0')));
  return found(new ProtoWriter().message(1, coin).finish());
};

const denomMetadata: ProvenQuery = async (request, state) => {
  const denom = new Fields(request, 'QueryDenomMetadataRequest').text(1);
  const key = concatBytes(Uint8Array.of(BANK.metadata), toUtf8(denom));
  const metadata = await state.get(BANK.store, key);
  if (metadata === undefined) return notFound(`client metadata for denom ${denom}`);
  return found(new ProtoWriter().message(1, metadata).finish());
};

/** By gRPC path. */
export const ACCOUNT_QUERIES: Readonly<Record<string, ProvenQuery>> = {
  '/cosmos.auth.v1beta1.Query/Account': account,
  '/cosmos.auth.v1beta1.Query/Params': paramsQuery(AUTH.store, AUTH.params),
  '/cosmos.bank.v1beta1.Query/Balance': balance,
  '/cosmos.bank.v1beta1.Query/AllBalances': allBalances,
  '/cosmos.bank.v1beta1.Query/TotalSupply': totalSupply,
  '/cosmos.bank.v1beta1.Query/SupplyOf': supplyOf,
  '/cosmos.bank.v1beta1.Query/DenomMetadata': denomMetadata,
  '/cosmos.bank.v1beta1.Query/Params': paramsQuery(BANK.store, BANK.params),
};
