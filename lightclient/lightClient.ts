/** A light client that keeps what it has verified, compares it with witnesses, and halts on two chains. */
import { readDevice } from './clientDevice.ts';
import { directionOf } from './direction.ts';
import { checkEveryVote } from './everyVote.ts';
import { Halt } from './halt.ts';
import { checkHeight, heightOf } from './height.ts';
import { inTurn } from './inTurn.ts';
import { type DivergenceError, refusalError } from './lightClientError.ts';
import {
  type CallOptions,
  checkOptions,
  type LightClientOptions,
  patienceOf,
  type StateAt,
  stateOptions,
} from './lightClientOptions.ts';
import { type LightClientStatus, statusOf } from './lightClientStatus.ts';
import { unlessAborted } from './orAborted.ts';
import { rememberingVerifier } from './rememberingVerifier.ts';
import { type ChainNode, Roster } from './roster.ts';
import type { AnyVerifier } from './settle.ts';
import {
  openTrust,
  type SyncedBlock,
  type SyncOptions,
  type SyncResult,
  trustedStart,
} from './sync.ts';
import { TrustAge } from './trustAge.ts';
import { type Course, TrustedBlocks } from './trustedBlocks.ts';
import { MemoryStore } from './trustedStore.ts';
import type { LightBlock } from './types.ts';
import { readRange, type StoreRange, type VerifiedRange } from './verifiedRange.ts';
import { readVerified, type VerifiedValue } from './verifiedState.ts';
import { readTransaction, type VerifiedTransaction } from './verifiedTransaction.ts';
import type { DeviceVerdict } from './verifyDevice.ts';
import { defaultVerifier } from './webVerifier.ts';
import { type Comparison, compareWithWitnesses } from './witnesses.ts';

type Served = Pick<Comparison, 'target' | 'source'>;

/**
 * Follows a chain from one trusted header.
 *
 * @example
 * const client = await LightClient.create({ chainId, primary, witnesses: [other], trust });
 * const { signedHeader } = await client.verifyToHeight(5_000n);
 */
export class LightClient {
  readonly #options: LightClientOptions;
  readonly #roster: Roster;
  readonly #blocks: TrustedBlocks;
  readonly #verifier: AnyVerifier;
  readonly #age: TrustAge;
  readonly #halt = new Halt();
  #headersFetched = 0;
  /** Two verifications at once could ask for the same headers twice. */
  readonly #inTurn = inTurn();

  private constructor(options: LightClientOptions, chosen: AnyVerifier) {
    const { store = new MemoryStore(), chainId, trust, trustLevel, maxBlocks } = options;
    // A header and what is proven under it ask for the same signatures.
    const verifier = rememberingVerifier(chosen);
    this.#verifier = verifier;
    this.#options = options;
    this.#age = new TrustAge(options);
    this.#roster = new Roster(options.primary, options.witnesses);
    this.#blocks = new TrustedBlocks({ store, chainId, trust, trustLevel, verifier, maxBlocks });
  }

  /**
   * Takes the trusted header from the store, or from the primary, confirmed by a witness.
   * @throws TypeError for options that make no sense.
   * @throws LightClientError when trust cannot start there.
   * @throws ProviderError when no node serves the header.
   */
  static async create(options: LightClientOptions, call: CallOptions = {}): Promise<LightClient> {
    checkOptions(options);
    return unlessAborted(async () => {
      const client = new LightClient(options, options.verifier ?? (await defaultVerifier()));
      if ((await client.#blocks.root()) === undefined) await client.#openRoot();
      return client;
    }, call.signal);
  }

  /**
   * The block at a height, verified: forward from the closest trusted one below, else backward from the
   * closest above. A witness has confirmed it.
   * @throws LightClientError when it cannot be trusted; ExpiredError and DivergenceError are among these.
   * @throws ProviderError when no node serves it.
   * @throws RangeError for what is no height.
   */
  verifyToHeight(height: bigint, { signal }: CallOptions = {}): Promise<LightBlock> {
    return this.#inTurn(() => this.#verify(height), signal);
  }

  /**
   * Verifies the primary's newest block, and gives the newest trusted one. A node that claims a height and does not
   * serve it makes place for another. Throws as `verifyToHeight`.
   */
  update({ signal }: CallOptions = {}): Promise<LightBlock> {
    return this.#inTurn(async () => {
      const newest = await this.#blocks.newest();
      return this.#follow({ start: newest, isForward: true }, async (node) => {
        const { latestHeight } = await node.status();
        if (latestHeight <= heightOf(newest)) return heightOf(newest);
        if (!this.#age.isFresh(newest)) throw this.#age.expired(newest.signedHeader.header);
        return latestHeight;
      });
    }, signal);
  }

  /** A key's value in a store, or its proven absence, at a height or in the newest state. Throws as `verifyToHeight`. */
  getVerified(store: string, key: Uint8Array, at?: StateAt): Promise<VerifiedValue> {
    const asked = { ...stateOptions(at), store, key };
    return unlessAborted(() => readVerified(this, asked), asked.signal);
  }

  /** The first entries of a range of a store, proven to be all there are in it. Throws as `verifyToHeight`. */
  getVerifiedRange(range: StoreRange & CallOptions): Promise<VerifiedRange> {
    return unlessAborted(() => readRange(this, range), range.signal);
  }

  /** The transaction with a hash of 32 bytes; its result once the next block is there. Throws as `verifyToHeight`. */
  verifyTx(hash: Uint8Array, { signal }: CallOptions = {}): Promise<VerifiedTransaction> {
    return unlessAborted(() => readTransaction(this, hash, signal), signal);
  }

  /**
   * The newest report of a device, its record with all its keys, and that it is not revoked: with every step, and
   * `exportProof()` for whoever has no network. When a step under the header does not hold, `verified` is false
   * and the last step says why. Otherwise throws as `verifyToHeight`, and TypeError for an id that is none.
   */
  verifyDevice(deviceId: string, at?: StateAt): Promise<DeviceVerdict> {
    const { height, signal } = stateOptions(at);
    return unlessAborted(async () => {
      const root = await this.verifyToHeight(this.#options.trust.height, { signal });
      const sync = { ...this.#syncOptions(), verifier: this.#verifier };
      return readDevice(this, { deviceId, height, signal, root, sync });
    }, signal);
  }

  /**
   * That no vote in the commit of a verified block is wrong, also of those that it did not take to trust it: for who
   * shows the commit to others. A vote that is left out cannot be missed.
   * @throws LightClientError `refused` naming the vote.
   */
  checkEveryVote(block: LightBlock, { signal }: CallOptions = {}): Promise<void> {
    const options = { chainId: this.#options.chainId, verifier: this.#verifier };
    return unlessAborted(() => checkEveryVote(block, options), signal);
  }

  /** What is trusted now. Asks no node. */
  async status(): Promise<LightClientStatus> {
    const { header } = (await this.#blocks.newest()).signedHeader;
    const told = { halted: this.#halt.error, headersFetched: this.#headersFetched };
    return {
      ...statusOf(header, this.#options, this.#age.now()),
      ...told,
      ...this.#roster.status(),
    };
  }

  /**
   * Does work with the primary, or with a witness in its place when it fails or what it serves is refused
   * with a LightClientError. For what is not proven by headers alone.
   */
  async withPrimary<T>(work: (node: ChainNode) => Promise<T>): Promise<T> {
    this.#halt.check();
    return this.#roster.withPrimary(work);
  }

  async #openRoot(): Promise<void> {
    const options = this.#syncOptions();
    const opened = await this.#fetch((provider) => openTrust({ ...options, provider }));
    await this.#compare(opened, undefined);
    await this.#blocks.save(opened.target.block);
  }

  async #verify(height: bigint): Promise<LightBlock> {
    this.#halt.check();
    checkHeight(height);
    const held = await this.#blocks.load(height);
    if (held !== undefined) return held;
    const course = await this.#blocks.courseTo(height, (block) => this.#age.isFresh(block));
    if (course !== undefined) return this.#follow(course, async () => height);
    throw this.#age.expired((await this.#blocks.newest()).signedHeader.header);
  }

  /** To the height that is asked for of each node in its turn. */
  async #follow(
    { start, isForward }: Course,
    heightAt: (node: ChainNode) => Promise<bigint>,
  ): Promise<LightBlock> {
    const from = trustedStart(start);
    const sync = directionOf(isForward, this.#options.sequential);
    const served = await this.#fetch(async (provider) => {
      const height = await heightAt(provider);
      if (height === heightOf(start)) return from;
      return sync(from, { ...this.#syncOptions(), provider }, height);
    });
    const { block } = served.target;
    if (block === start) return start;
    await this.#compare(served, from);
    await this.#blocks.save(block);
    return block;
  }

  async #fetch(work: (provider: ChainNode) => Promise<SyncResult>): Promise<Served> {
    return this.withPrimary(async (source) => {
      const result = await work(source);
      this.#headersFetched += result.headersFetched;
      if (result.ok) return { target: result, source };
      if (result.reason !== 'trustedExpired') throw refusalError(result);
      const { height, trustedTime } = result;
      if (trustedTime !== undefined) throw this.#age.expired({ height, time: trustedTime });
      throw this.#age.expired((await this.#blocks.newest()).signedHeader.header);
    });
  }

  async #compare(served: Served, start: SyncedBlock | undefined): Promise<void> {
    if (this.#options.withoutWitnesses === true) return;
    const patience = patienceOf(this.#options);
    const options = this.#syncOptions();
    const late = (error: DivergenceError) => this.#haltLate(error, heightOf(served.target.block));
    const comparison = { ...served, start, options, patience, late };
    await this.#halt.over(() => compareWithWitnesses(this.#roster, comparison));
  }

  /** Nobody is asking just now. What was trusted since does not stay for a later run; the halt stands whatever a store does. */
  #haltLate(error: DivergenceError, height: bigint): void {
    this.#halt.begin(error);
    this.#inTurn(() => this.#blocks.removeFrom(height)).catch(() => undefined);
  }

  #syncOptions(): Omit<SyncOptions, 'provider'> {
    const { chainId, trust, trustLevel, maxClockDrift, maxHeaders } = this.#options;
    const limits = { trustLevel, maxClockDrift, maxHeaders, verifier: this.#verifier };
    return { chainId, trust, now: this.#age.now(), trustingPeriod: trust.period, ...limits };
  }
}
