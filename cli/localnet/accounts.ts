/** Accounts of a localnet. Their mnemonics stand in this file for everybody to read: they protect nothing. */

/** One account of a known mnemonic. */
export interface KnownAccount {
  readonly name: string;
  readonly mnemonic: string;
  /** Last part of m/44'/118'/0'/0/<index>. */
  readonly index: number;
  /** Base units that genesis gives it. */
  readonly balance: bigint;
}

const TOKEN = 1_000_000n;

/** For people to play with. */
export const DEV_ACCOUNTS: readonly KnownAccount[] = [
  devAccount('alice', 'public level goose coconut video caught taxi same onion super kit cousin'),
  devAccount(
    'bob',
    'sadness furnace mango accident faint property collect drum merry fit option focus',
  ),
  devAccount(
    'carol',
    'remind bracket cook unhappy have icon material bird like sunny wealth dream',
  ),
  devAccount(
    'dave',
    'tenant about escape dance west purpose session mansion shock novel motion wash',
  ),
  {
    ...devAccount(
      'faucet',
      'parrot only stool thought traffic inmate nurse heart measure ride dish word',
    ),
    balance: 1_000_000_000n * TOKEN,
  },
];

function devAccount(name: string, mnemonic: string): KnownAccount {
  return { name, mnemonic, index: 0, balance: 1_000_000n * TOKEN };
}

const OPERATORS_MNEMONIC =
  'identify silver run drum occur mansion lemon allow voice seven manage marriage';

/** The account behind validator `index`, from 0. */
export function operatorAccount(index: number): KnownAccount {
  const name = `validator${index}`;
  return { name, mnemonic: OPERATORS_MNEMONIC, index, balance: 1000n * TOKEN };
}

/** Whose accounts own the simulated devices. */
export const FLEET_MNEMONIC =
  'cricket inquiry spike ride afraid nephew floor harbor garage cry version fun';

/** What each validator of a new network stakes, in base units. */
export const VALIDATOR_STAKE = 100_000n * TOKEN;
