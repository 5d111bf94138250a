/** Signed transfers in blocks, the same for every application that runs them. */
import { writeFileSync } from 'node:fs';
import { DEFAULT_DENOM } from '../../modules/app.ts';
import { localAppState } from '../../modules/genesis.ts';
import { toBase64 } from '../../wire/bytes.ts';
import { MsgSend } from '../../wire/gen/cosmos/bank/v1beta1/tx.ts';
import { BenchAccount } from './account.ts';

const CHAIN_ID = 'depind-bench-1';
const BALANCE = 1_000_000_000_000n;
const GAS = 200_000n;
/** The recipient's place behind the sender: money crosses the whole set of accounts. */
const STRIDE = 4_999;

/** How much there is to do. */
export interface SendWorkSize {
  readonly accounts: number;
  readonly blocks: number;
  readonly blockSize: number;
}

/** A chain's beginning, and blocks of transfers on top of it. */
export interface SendWork {
  readonly chainId: string;
  /** `app_state` of the genesis. */
  readonly appState: string;
  readonly blocks: readonly (readonly Uint8Array[])[];
  readonly accounts: readonly BenchAccount[];
}

/** Accounts take turns: a block holds no two transactions of one sender unless it is larger than their number. */
export function makeSendWork({ accounts: count, blocks, blockSize }: SendWorkSize): SendWork {
  const accounts = Array.from({ length: count }, (_, i) => new BenchAccount(i, CHAIN_ID));
  let next = 0;
  const send = (): Uint8Array => {
    const from = accounts[next % count]!;
    const to = accounts[(next + STRIDE) % count]!;
    next += 1;
    const amount = [{ denom: DEFAULT_DENOM, amount: '1' }];
    const message = { fromAddress: from.address, toAddress: to.address, amount };
    const value = MsgSend.encode(message).finish();
    return from.sign([{ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value }], GAS);
  };
  return {
    chainId: CHAIN_ID,
    appState: JSON.stringify(
      localAppState({
        accounts: accounts.map(({ bytes }) => ({ address: bytes, balance: BALANCE })),
        validators: [
          {
            moniker: 'bench',
            operator: accounts[0]!.bytes,
            consensusKey: new Uint8Array(32).fill(1),
            stake: 10_000_000n,
          },
        ],
      }),
    ),
    blocks: Array.from({ length: blocks }, () => Array.from({ length: blockSize }, send)),
    accounts,
  };
}

/** Writes the work as JSON for a rival: addresses with their balance, and transactions in base64. */
export function writeSendWork({ chainId, accounts, blocks }: SendWork, path: string): void {
  const file = {
    chainId,
    denom: DEFAULT_DENOM,
    balance: BALANCE.toString(),
    addresses: accounts.map(({ address }) => address),
    blocks: blocks.map((txs) => txs.map(toBase64)),
  };
  writeFileSync(path, JSON.stringify(file));
}
