/** A signing wallet from a mnemonic, by BIP-39, BIP-32 and the path that Cosmos chains use. */
import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Bip39, EnglishMnemonic, Slip10, Slip10Curve } from '@cosmjs/crypto';
import { DirectSecp256k1Wallet, makeCosmoshubPath } from '@cosmjs/proto-signing';
import { CliError } from '../errors.ts';

// BIP-39: PBKDF2 of the words under the salt "mnemonic" and an empty passphrase. Native code takes a
// millisecond, where the JavaScript of CosmJS takes twenty.
const ROUNDS = 2048;
const SEED_BYTES = 64;

/** Which key of a mnemonic: `index` is the last part of m/44'/118'/0'/0/<index>. */
export interface KeySource {
  readonly mnemonic: string;
  readonly index: number;
  /** Of the address. */
  readonly prefix: string;
}

/** @throws CliError when the words are no mnemonic. */
export async function walletOf({
  mnemonic,
  index,
  prefix,
}: KeySource): Promise<DirectSecp256k1Wallet> {
  let words: string;
  try {
    words = new EnglishMnemonic(mnemonic).toString();
  } catch (cause) {
    // The reason could repeat the words.
    throw new CliError('mnemonic: expected 12 to 24 English BIP-39 words with their checksum', {
      cause,
    });
  }
  const text = words.normalize('NFKD');
  const seed = await promisify(pbkdf2)(text, 'mnemonic', ROUNDS, SEED_BYTES, 'sha512');
  const { privkey } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, makeCosmoshubPath(index));
  return DirectSecp256k1Wallet.fromKey(privkey, prefix);
}

/** A new mnemonic of 24 words, from the system's randomness. */
export function newMnemonic(): string {
  return Bip39.encode(randomBytes(32)).toString();
}
