/** The accounts behind the fleet, all from one mnemonic: who owns devices, relays reports, rents GPUs and pays for data. */
import { Bip39, EnglishMnemonic, Slip10, Slip10Curve } from '@cosmjs/crypto';
import { type AccountData, DirectSecp256k1Wallet, makeCosmoshubPath } from '@cosmjs/proto-signing';

export type FleetRole = 'owner' | 'gateway' | 'tenant' | 'payer';

/** An account of the fleet. The caller's genesis gives it `balance`. */
export interface FleetAccount {
  readonly role: FleetRole;
  /** Index of the last part of the path m/44'/118'/0'/0/index. */
  readonly index: number;
  readonly address: string;
  /** Intended at genesis, in base units of the token. */
  readonly balance: bigint;
  /** Compressed secp256k1 key. */
  readonly publicKey: Uint8Array;
  readonly wallet: DirectSecp256k1Wallet;
}

const TOKEN = 1_000_000n;

/**
 * So many owners that the hotspots of one town, a dozen at most, have different ones: the chain does not take the
 * word of an owner for their own beacon. Gateways pay for every report, tenants for GPUs.
 */
const ROLES: readonly (readonly [role: FleetRole, count: number, balance: bigint])[] = [
  ['owner', 16, 100_000n * TOKEN],
  ['gateway', 4, 10_000_000n * TOKEN],
  ['tenant', 2, 5_000_000n * TOKEN],
  ['payer', 1, 1_000_000n * TOKEN],
];

/**
 * The accounts of a fleet mnemonic in the order of their indexes; always the same 23.
 * @throws Error when the text is no English mnemonic or the prefix no bech32 prefix.
 */
export async function fleetAccounts(mnemonic: string, prefix: string): Promise<FleetAccount[]> {
  const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(mnemonic));
  const accounts: FleetAccount[] = [];
  for (const [role, count, balance] of ROLES) {
    for (let i = 0; i < count; i++) {
      const index = accounts.length;
      const path = makeCosmoshubPath(index);
      const { privkey } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, path);
      const wallet = await DirectSecp256k1Wallet.fromKey(privkey, prefix);
      const [{ address, pubkey }] = (await wallet.getAccounts()) as readonly [AccountData];
      accounts.push({ role, index, address, balance, publicKey: pubkey, wallet });
    }
  }
  return accounts;
}
