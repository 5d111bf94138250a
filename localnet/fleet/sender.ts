/**
 * Sends the transactions of one account, one after the other: the next is signed when the one before is in a block,
 * so that the sequence is always known. Nothing waits for ever, and what fails is told with its reason.
 */
import { encodePubkey, makeAuthInfoBytes, makeSignDoc } from '@cosmjs/proto-signing';
import { txHash } from '../../wire/block.ts';
import { fromBase64, toBase64, toHex } from '../../wire/bytes.ts';
import { BaseAccount } from '../../wire/gen/cosmos/auth/v1beta1/auth.ts';
import { QueryDefinition as AuthQuery } from '../../wire/gen/cosmos/auth/v1beta1/query.ts';
import { ServiceDefinition as TxService } from '../../wire/gen/cosmos/tx/v1beta1/service.ts';
import { TxBody, TxRaw } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';
import type { FleetAccount } from './accounts.ts';
import type { BlockWatch } from './blockWatch.ts';
import { type ChainClient, ChainRefusal, type IncludedTx } from './chainClient.ts';
import type { Timing } from './timing.ts';

/** What became of a transaction; `tx` is there when it is in a block. */
export type Outcome =
  | { readonly ok: true; readonly tx: IncludedTx }
  | { readonly ok: false; readonly reason: string; readonly tx?: IncludedTx };

export interface SenderOptions {
  readonly client: ChainClient;
  readonly watch: BlockWatch;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly chainId: string;
  readonly denom: string;
  /** Base units for one gas. */
  readonly gasPrice: number;
}

/** Reason of what was given up because the fleet stops. */
export const STOPPED = 'fleet: stopped';

/** Jobs that may wait for their turn; further ones fail at once. */
const MAX_WAITING = 64;
const MAX_ATTEMPTS = 4;
/** A transaction that is not in a block after so long was dropped by the mempools. */
const INCLUSION_TIMEOUT_MS = 30_000;
const BLOCK_TIMEOUT_MS = 5_000;
const GAS_MARGIN = 1.3;

interface Signer {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export class Sender {
  readonly account: FleetAccount;
  readonly #options: SenderOptions;
  /** Undefined when it must be read from the chain. */
  #signer: Signer | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(account: FleetAccount, options: SenderOptions) {
    this.account = account;
    this.#options = options;
  }

  get address(): string {
    return this.account.address;
  }

  /** Sends messages in one transaction, with the gas given or 1.3 times what a simulation takes. Never rejects. */
  send(messages: readonly Any[], gas?: number): Promise<Outcome> {
    if (this.#waiting >= MAX_WAITING) {
      return Promise.resolve({ ok: false, reason: 'fleet: too many transactions wait' });
    }
    this.#waiting++;
    const outcome = this.#turn.then(() => this.#process(messages, gas));
    this.#turn = outcome.finally(() => this.#waiting--);
    return outcome;
  }

  async #process(messages: readonly Any[], gas: number | undefined): Promise<Outcome> {
    const { signal, watch } = this.#options;
    let reason = '';
    for (let attempt = 0; attempt < MAX_ATTEMPTS && !signal.aborted; attempt++) {
      try {
        return await this.#attempt(messages, gas);
      } catch (error) {
        this.#signer = undefined;
        reason = reasonOf(error);
        if (error instanceof ChainRefusal && !isWrongSequence(error)) return { ok: false, reason };
        await watch.nextBlock(BLOCK_TIMEOUT_MS);
      }
    }
    return { ok: false, reason: signal.aborted ? STOPPED : reason };
  }

  async #attempt(messages: readonly Any[], given: number | undefined): Promise<Outcome> {
    const signer = this.#signer ?? (await this.#readSigner());
    const bodyBytes = TxBody.encode(bodyOf(messages)).finish();
    const gas = given ?? (await this.#simulate(bodyBytes, signer));
    const bytes = await this.#sign(bodyBytes, signer, gas);
    const tx = await this.#deliver(bytes);
    if (tx === undefined) {
      this.#signer = undefined;
      const { aborted } = this.#options.signal;
      return { ok: false, reason: aborted ? STOPPED : 'fleet: not in a block in time' };
    }
    this.#signer = { ...signer, sequence: signer.sequence + 1n };
    if (tx.code === 0) return { ok: true, tx };
    return { ok: false, tx, reason: new ChainRefusal(tx.codespace, tx.code, tx.log).reason };
  }

  async #readSigner(): Promise<Signer> {
    const { address } = this.account;
    const { account } = await this.#options.client.query(AuthQuery, AuthQuery.methods.account, {
      address,
    });
    if (account?.typeUrl !== '/cosmos.auth.v1beta1.BaseAccount') {
      throw new ChainRefusal('fleet', 1, `account ${address}: expected a BaseAccount`);
    }
    const { accountNumber, sequence } = BaseAccount.decode(account.value);
    return { accountNumber, sequence };
  }

  async #simulate(bodyBytes: Uint8Array, signer: Signer): Promise<number> {
    const authInfoBytes = this.#authInfo(signer, 0, []);
    const txBytes = TxRaw.encode({
      bodyBytes,
      authInfoBytes,
      signatures: [new Uint8Array(0)],
    }).finish();
    const request = { tx: undefined, txBytes };
    const { gasInfo } = await this.#options.client.query(
      TxService,
      TxService.methods.simulate,
      request,
    );
    return Math.ceil(Number(gasInfo?.gasUsed ?? 0n) * GAS_MARGIN);
  }

  async #sign(bodyBytes: Uint8Array, signer: Signer, gas: number): Promise<Uint8Array> {
    const { chainId, denom, gasPrice } = this.#options;
    const fee = [{ denom, amount: Math.ceil(gas * gasPrice).toString() }];
    const authInfoBytes = this.#authInfo(signer, gas, fee);
    const document = makeSignDoc(bodyBytes, authInfoBytes, chainId, signer.accountNumber);
    const { signature } = await this.account.wallet.signDirect(this.address, document);
    const signatures = [fromBase64(signature.signature)];
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures }).finish();
  }

  #authInfo({ sequence }: Signer, gas: number, fee: { denom: string; amount: string }[]) {
    const value = toBase64(this.account.publicKey);
    const pubkey = encodePubkey({ type: 'tendermint/PubKeySecp256k1', value });
    return makeAuthInfoBytes([{ pubkey, sequence }], fee, gas, undefined, undefined);
  }

  /** The transaction in its block; undefined when it comes into none. @throws ChainRefusal when the node's check refuses it. */
  async #deliver(bytes: Uint8Array): Promise<IncludedTx | undefined> {
    const { client, watch, timing, signal } = this.#options;
    const hash = toHex(txHash(bytes));
    try {
      await client.broadcast(bytes);
    } catch (error) {
      if (error instanceof ChainRefusal) throw error;
      // No answer says nothing about the transaction, so it is looked for like any other.
      if (!isMaybeTaken(error)) throw error;
    }
    const deadline = timing.now() + INCLUSION_TIMEOUT_MS;
    while (!signal.aborted && timing.now() < deadline) {
      await watch.nextBlock(BLOCK_TIMEOUT_MS);
      const tx = await client.find(hash).catch(() => undefined);
      if (tx !== undefined) return tx;
    }
    return undefined;
  }
}

function bodyOf(messages: readonly Any[]): TxBody {
  return {
    messages: [...messages],
    memo: '',
    timeoutHeight: 0n,
    extensionOptions: [],
    nonCriticalExtensionOptions: [],
  };
}

const isWrongSequence = ({ codespace, code }: ChainRefusal): boolean =>
  codespace === 'sdk' && code === 32;

/** Timeouts, and CometBFT's word for a transaction that it knows already. */
function isMaybeTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TimeoutError' || error.message.includes('tx already exists in cache');
}

function reasonOf(error: unknown): string {
  if (error instanceof ChainRefusal) return error.reason;
  return `fleet: ${error instanceof Error ? error.message : String(error)}`;
}
