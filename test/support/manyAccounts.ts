/** A chain with as many accounts as one wants, written straight into its stores; and a measure of its export. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ChainApplication } from '../../chain/app/application.ts';
import { openState } from '../../chain/state/declarations.ts';
import { auth } from '../../modules/auth/module.ts';
import { bank } from '../../modules/bank/module.ts';
import { SimulatedChain } from '../../sim/chain.ts';
import { depindComposition } from '../../sim/composition.ts';
import { formatAddress } from '../../wire/address.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { sha256 } from '../../wire/hash.ts';

interface Collections {
  readonly accounts: { set(key: Uint8Array, value: unknown): void };
  readonly numbers: { set(key: bigint, value: Uint8Array): void };
  readonly nextNumber: { peek(): bigint; set(next: bigint): void };
  readonly balances: { set(key: readonly [Uint8Array, string], value: bigint): void };
  readonly denomAddresses: { add(key: readonly [string, Uint8Array]): void };
  readonly supply: { get(key: string): bigint | undefined; set(key: string, value: bigint): void };
}

/** A chain at height 2 with so many more accounts, each of which has 7 base units. */
export async function chainWithAccounts(count: number): Promise<ChainApplication> {
  const composition = await depindComposition();
  const chain = await SimulatedChain.start(composition, 4);
  await chain.execute({ afterMs: 1000, operations: [] });
  const { app } = chain;
  const accounts = openState(
    auth.definition.state,
    app.store.store(auth.storeName),
  ) as never as Collections;
  const balances = openState(
    bank.definition.state,
    app.store.store(bank.storeName),
  ) as never as Collections;
  const first = accounts.nextNumber.peek();
  for (let i = 0; i < count; i++) {
    const accountNumber = first + BigInt(i);
    const address = sha256(toUtf8(`one of many ${i}`)).subarray(0, 20);
    const base = { address: formatAddress('depin', address), accountNumber, sequence: 0n };
    accounts.accounts.set(address, { base });
    accounts.numbers.set(accountNumber, address);
    balances.balances.set([address, 'udepin'], 7n);
    balances.denomAddresses.add(['udepin', address]);
  }
  accounts.nextNumber.set(first + BigInt(count));
  const supply = balances.supply.get('udepin') ?? 0n;
  balances.supply.set('udepin', supply + 7n * BigInt(count));
  await chain.execute({ afterMs: 1000, operations: [] });
  return app;
}

/** What an export came to. */
export interface ExportMeasure {
  readonly characters: number;
  /** How much the heap grew while it ran, bytes, after collections. */
  readonly heapGrowth: number;
}

/** Walks the exported text and throws it away. */
export function measureExport(app: ChainApplication): ExportMeasure {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  let [characters, highest, next] = [0, before, 0];
  for (const piece of app.exportGenesisText()) {
    characters += piece.length;
    if (characters < next) continue;
    next = characters + 250_000;
    highest = Math.max(highest, heap());
  }
  return { characters, heapGrowth: highest - before };
}

// As a process of its own: the number of accounts in, the measure out.
if (process.argv[1] === new URL(import.meta.url).pathname) {
  const app = await chainWithAccounts(Number(process.argv[2]));
  process.stdout.write(JSON.stringify(measureExport(app)));
  await app.close();
}
