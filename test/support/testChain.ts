/** A whole state machine in memory with funded accounts, driven through ABCI as a validator would. */
import { Bip39, EnglishMnemonic, Slip10, Slip10Curve } from '@cosmjs/crypto';
import {
  coins,
  DirectSecp256k1Wallet,
  type EncodeObject,
  encodePubkey,
  makeAuthInfoBytes,
  makeCosmoshubPath,
  makeSignDoc,
  type OfflineDirectSigner,
  Registry,
} from '@cosmjs/proto-signing';
import { defaultRegistryTypes } from '@cosmjs/stargate';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import type {
  FinalizeBlockRequest,
  FinalizeBlockResponse,
  InitChainRequest,
  QueryResponse,
  TxResult,
} from '../../chain/abci/types.ts';
import type { ChainApplication } from '../../chain/app/application.ts';
import { blockRequest } from '../../chain/testing/blockRequest.ts';
import { type DepindOptions, openDepind } from '../../modules/app.ts';
import { localAppState } from '../../modules/genesis.ts';
import { parseAddress } from '../../wire/address.ts';
import { toUtf8 } from '../../wire/bytes.ts';
import { BaseAccount } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import {
  QueryAccountRequest,
  QueryAccountResponse,
} from '../../wire/gen/cosmos/auth/v1beta1/query.ts';
import {
  QueryBalanceRequest,
  QueryBalanceResponse,
} from '../../wire/gen/cosmos/bank/v1beta1/query.ts';
import type { ConsensusParams } from '../../wire/types.ts';
import { depindTypes } from './registry.ts';

export const TEST_CHAIN_ID = 'depin-test-1';
const START = 1_700_000_000_000_000_000n;

const PARAMS: ConsensusParams = {
  block: { maxBytes: 4_194_304n, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDurationNs: 172_800_000_000_000n,
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ['ed25519'] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};

export const MNEMONIC = 'test test test test test test test test test test test junk';

export interface SignOptions {
  readonly gas?: number;
  readonly fee?: string;
  readonly memo?: string;
  readonly chainId?: string;
  readonly sequence?: number;
  readonly accountNumber?: number;
}

/** One account that signs as CosmJS does. */
export class TestAccount {
  sequence = 0;
  readonly address: string;
  readonly accountNumber: number;
  readonly #wallet: OfflineDirectSigner;
  readonly #pubkey: Uint8Array;
  readonly registry = new Registry([...defaultRegistryTypes, ...depindTypes()]);

  constructor(parts: {
    address: string;
    accountNumber: number;
    wallet: OfflineDirectSigner;
    pubkey: Uint8Array;
  }) {
    this.address = parts.address;
    this.accountNumber = parts.accountNumber;
    this.#wallet = parts.wallet;
    this.#pubkey = parts.pubkey;
  }

  /** The public key as a first transaction brings it. */
  get publicKey(): { readonly typeUrl: string; readonly value: Uint8Array } {
    const value = Buffer.from(this.#pubkey).toString('base64');
    return encodePubkey({ type: 'tendermint/PubKeySecp256k1', value });
  }

  /** The signature over these bytes in direct mode. */
  async signBytes(bodyBytes: Uint8Array, authInfoBytes: Uint8Array): Promise<Uint8Array> {
    const document = makeSignDoc(bodyBytes, authInfoBytes, TEST_CHAIN_ID, this.accountNumber);
    const { signature } = await this.#wallet.signDirect(this.address, document);
    return Buffer.from(signature.signature, 'base64');
  }

  /** Signed transaction bytes; the sequence moves on only when it was not given. */
  async sign(messages: readonly EncodeObject[], options: SignOptions = {}): Promise<Uint8Array> {
    const bodyBytes = this.registry.encodeTxBody({ messages, memo: options.memo ?? '' });
    const sequence = options.sequence ?? this.sequence++;
    const fee = options.fee === '' ? [] : coins(options.fee ?? '5000', 'udepin');
    const authInfo = makeAuthInfoBytes(
      [{ pubkey: this.publicKey, sequence }],
      fee,
      options.gas ?? 400_000,
      undefined,
      undefined,
    );
    const document = makeSignDoc(
      bodyBytes,
      authInfo,
      options.chainId ?? TEST_CHAIN_ID,
      options.accountNumber ?? this.accountNumber,
    );
    const { signature, signed } = await this.#wallet.signDirect(this.address, document);
    return TxRaw.encode({
      bodyBytes: signed.bodyBytes,
      authInfoBytes: signed.authInfoBytes,
      signatures: [Buffer.from(signature.signature, 'base64')],
    }).finish();
  }
}

/** Derived once: a mnemonic takes a third of a second, and what holds it derives its keys for every signature. */
let wallets: Promise<DirectSecp256k1Wallet[]> | undefined;

export class TestChain {
  readonly app: ChainApplication;
  readonly accounts: readonly TestAccount[];
  height = 0n;
  timeNs = START;
  lastBlock: FinalizeBlockResponse | undefined;
  /** All that the state machine was driven with, for tests that drive another with the same. */
  initRequest: InitChainRequest | undefined;
  readonly requests: FinalizeBlockRequest[] = [];

  private constructor(app: ChainApplication, accounts: readonly TestAccount[]) {
    this.app = app;
    this.accounts = accounts;
  }

  static async start(
    options: Partial<DepindOptions> & {
      maxGas?: bigint;
      appState?: unknown;
    } = {},
  ): Promise<TestChain> {
    const { maxGas, appState, ...rest } = options;
    const app = await openDepind({ store: { memory: true }, invariantsEvery: 1n, ...rest });
    wallets ??= walletsOf(MNEMONIC, 4);
    const accounts: TestAccount[] = [];
    for (const [i, wallet] of (await wallets).entries()) {
      const [first] = await wallet.getAccounts();
      const { address, pubkey } = first!;
      accounts.push(new TestAccount({ address, pubkey, accountNumber: i, wallet }));
    }
    const bytes = accounts.map(({ address }) => parseAddress('depin', address));
    const state = localAppState({
      accounts: bytes.map((address) => ({ address, balance: 1_000_000_000_000n })),
      validators: [0, 1].map((i) => ({
        moniker: `node${i}`,
        operator: bytes[i]!,
        consensusKey: new Uint8Array(32).fill(i + 1),
        stake: 100_000_000n,
      })),
    });
    const chain = new TestChain(app, accounts);
    chain.initRequest = {
      time: START,
      chainId: TEST_CHAIN_ID,
      consensusParams: { ...PARAMS, block: { ...PARAMS.block, maxGas: maxGas ?? -1n } },
      validators: [],
      appStateBytes: toUtf8(JSON.stringify(appState ?? state)),
      initialHeight: 1n,
    };
    await app.initChain(chain.initRequest);
    await chain.block([]);
    return chain;
  }

  /** One block with these transactions, a second after the last. */
  async block(txs: readonly Uint8Array[], seconds = 1): Promise<readonly TxResult[]> {
    this.height += 1n;
    this.timeNs += BigInt(seconds) * 1_000_000_000n;
    const request = blockRequest({
      txs,
      height: this.height,
      time: this.timeNs,
    });
    this.requests.push(request);
    this.lastBlock = await this.app.finalizeBlock(request);
    await this.app.commit();
    return this.lastBlock.txResults;
  }

  /** Signs and runs messages in a block of their own. */
  async send(
    account: TestAccount,
    messages: readonly EncodeObject[],
    options: SignOptions = {},
  ): Promise<TxResult> {
    const [result] = await this.block([await account.sign(messages, options)]);
    return result!;
  }

  /** The next sequence of an account. */
  async sequenceOf(address: string): Promise<bigint> {
    const data = QueryAccountRequest.encode({ address }).finish();
    const { value } = await this.query('/cosmos.auth.v1beta1.Query/Account', data);
    return BaseAccount.decode(QueryAccountResponse.decode(value).account!.value).sequence;
  }

  /** What an account has, in base units. */
  async balanceOf(address: string): Promise<bigint> {
    const data = QueryBalanceRequest.encode({ address, denom: 'udepin' }).finish();
    const { value } = await this.query('/cosmos.bank.v1beta1.Query/Balance', data);
    return BigInt(QueryBalanceResponse.decode(value).balance!.amount);
  }

  query(
    path: string,
    data: Uint8Array,
    options: { height?: bigint; prove?: boolean } = {},
  ): Promise<QueryResponse> {
    return this.app.query({
      path,
      data,
      height: options.height ?? 0n,
      prove: options.prove ?? false,
    });
  }
}

/** The first accounts of a mnemonic. */
async function walletsOf(mnemonic: string, count: number): Promise<DirectSecp256k1Wallet[]> {
  const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(mnemonic));
  const walletAt = (_: unknown, index: number): Promise<DirectSecp256k1Wallet> => {
    const { privkey } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, makeCosmoshubPath(index));
    return DirectSecp256k1Wallet.fromKey(privkey, 'depin');
  };
  return Promise.all(Array.from({ length: count }, walletAt));
}
