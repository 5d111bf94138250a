/** Account keys on disk: one file a key, plain for tests and localnets, or encrypted with a passphrase. */
import { existsSync } from 'node:fs';
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DirectSecp256k1Wallet } from '@cosmjs/proto-signing';
import { atPath } from '../../localnet/init.ts';
import { toBase64 } from '../../wire/bytes.ts';
import { CliError } from '../errors.ts';
import { makeFolder } from '../home.ts';
import { decryptText, type EncryptedText, encryptText, isEncryptedText } from './encryption.ts';
import type { KeySource } from './wallet.ts';

export type KeyringBackend = 'test' | 'file';

/** What may be shown of a key. */
export interface KeyInfo {
  readonly name: string;
  readonly address: string;
  /** Compressed secp256k1 key, base64. */
  readonly publicKey: string;
}

/** As it stands in the file: one of both secrets. */
interface StoredKey extends KeyInfo {
  readonly type: 'local';
  readonly index: number;
  readonly mnemonic?: string;
  /** The mnemonic under the passphrase. */
  readonly encrypted?: EncryptedText;
}

export interface NewKey {
  readonly name: string;
  readonly mnemonic: string;
  /** Last part of m/44'/118'/0'/0/<index>. */
  readonly index: number;
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/;
const SUFFIX = '.json';

export class Keyring {
  readonly #folder: string;
  readonly #backend: KeyringBackend;
  readonly #prefix: string;
  readonly #passphrase: (isNew: boolean) => Promise<string>;

  constructor(options: {
    readonly home: string;
    readonly backend: KeyringBackend;
    /** Of addresses. */
    readonly prefix: string;
    /** Asked for when a key is encrypted or decrypted. */
    readonly passphrase: (isNew: boolean) => Promise<string>;
  }) {
    this.#folder = join(options.home, `keyring-${options.backend}`);
    this.#backend = options.backend;
    this.#prefix = options.prefix;
    this.#passphrase = options.passphrase;
  }

  /** @throws CliError when the name is not one or taken, the mnemonic is none, or the folder is not writable. */
  async add({ name, mnemonic, index }: NewKey): Promise<KeyInfo> {
    const path = this.#path(name);
    if (existsSync(path)) throw new CliError(`key "${name}" exists already in ${this.#folder}`);
    const wallet = await openWallet({ mnemonic, index, prefix: this.#prefix });
    const info = await infoOf(name, wallet);
    const secret =
      this.#backend === 'test'
        ? { mnemonic }
        : { encrypted: await encryptText(mnemonic, await this.#passphrase(true)) };
    const stored: StoredKey = { ...info, type: 'local', index, ...secret };
    await atPath(this.#folder, () => makeFolder(this.#folder, 0o700));
    const text = `${JSON.stringify(stored, null, 2)}\n`;
    await atPath(path, () => writeFile(path, text, { mode: 0o600, flag: 'wx' }));
    return info;
  }

  /** All keys, by name. */
  async list(): Promise<KeyInfo[]> {
    if (!existsSync(this.#folder)) return [];
    const files = await atPath(this.#folder, () => readdir(this.#folder));
    const names = files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -5));
    return Promise.all(names.sort().map((name) => this.show(name)));
  }

  has(name: string): boolean {
    return NAME.test(name) && existsSync(this.#path(name));
  }

  /** @throws CliError when there is no such key. */
  async show(name: string): Promise<KeyInfo> {
    const { address, publicKey } = await this.#read(name);
    return { name, address, publicKey };
  }

  /** A wallet that signs with the key. @throws CliError when there is none, or the passphrase is wrong. */
  async wallet(name: string): Promise<DirectSecp256k1Wallet> {
    const { mnemonic, encrypted, index } = await this.#read(name);
    if (encrypted === undefined) {
      return openWallet({ mnemonic: mnemonic ?? '', index, prefix: this.#prefix });
    }
    const passphrase = await this.#passphrase(false);
    const decrypted = await decryptText(encrypted, passphrase).catch((cause: unknown) => {
      throw new CliError(`key "${name}" does not open: wrong passphrase?`, { cause });
    });
    return openWallet({ mnemonic: decrypted, index, prefix: this.#prefix });
  }

  async delete(name: string): Promise<void> {
    await this.#read(name);
    await atPath(this.#path(name), () => unlink(this.#path(name)));
  }

  /** @throws CliError naming a name that cannot be a file's. */
  #path(name: string): string {
    if (NAME.test(name)) return join(this.#folder, `${name}${SUFFIX}`);
    throw new CliError(
      `key name: expected 1 to 64 letters, digits, dots, dashes and underscores, got "${name}"`,
    );
  }

  async #read(name: string): Promise<StoredKey> {
    const path = this.#path(name);
    if (!existsSync(path)) {
      throw new CliError(`key "${name}" is not in ${this.#folder} (see depind keys list)`);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(await atPath(path, () => readFile(path, 'utf8')));
    } catch (cause) {
      throw new CliError(`${path}: cannot be read as JSON`, { cause });
    }
    if (isStoredKey(parsed, name)) return parsed;
    throw new CliError(`${path}: expected a key with name, address, publicKey, index and a secret`);
  }
}

function isStoredKey(value: unknown, name: string): value is StoredKey {
  if (typeof value !== 'object' || value === null) return false;
  const key = value as Partial<Record<keyof StoredKey, unknown>>;
  const isPlain = typeof key.mnemonic === 'string' && key.encrypted === undefined;
  const isEncrypted = key.mnemonic === undefined && isEncryptedText(key.encrypted);
  return (
    key.name === name &&
    key.type === 'local' &&
    typeof key.address === 'string' &&
    typeof key.publicKey === 'string' &&
    Number.isSafeInteger(key.index) &&
    (isPlain || isEncrypted)
  );
}

async function infoOf(name: string, wallet: DirectSecp256k1Wallet): Promise<KeyInfo> {
  const [account] = await wallet.getAccounts();
  return { name, address: account!.address, publicKey: toBase64(account!.pubkey) };
}

/** CosmJS takes a moment to load: most commands open no key. */
async function openWallet(source: KeySource): Promise<DirectSecp256k1Wallet> {
  const { walletOf } = await import('./wallet.ts');
  return walletOf(source);
}
