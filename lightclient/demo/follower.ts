/** Follows the chain with a light client, and says what it trusts at any time. */
import {
  DivergenceError,
  ExpiredError,
  HttpProvider,
  type LightBlock,
  LightClient,
  type LightClientStatus,
  ProviderError,
  type TrustedStore,
  type TrustRoot,
  type WebVerifier,
} from '../index.ts';
import type { PageConfig } from './config.ts';

const ASK_EVERY_MS = 2_000;
const TIMEOUT_MS = 4_000;
/** One day, in nanoseconds: far below the unbonding time of a localnet. */
export const PERIOD = 86_400n * 1_000_000_000n;

/** How it stands, `doubted` when nobody confirms what the node shows; `anchor` is a trusted header below the newest. */
export interface Following {
  readonly state: 'connecting' | 'following' | 'offline' | 'doubted' | 'expired' | 'halted';
  readonly status: LightClientStatus | undefined;
  readonly anchor: TrustRoot | undefined;
  readonly problem: string | undefined;
}

/** What is followed, and with what. */
export interface FollowerOptions {
  readonly config: PageConfig;
  readonly trust: TrustRoot;
  readonly store: TrustedStore;
  readonly verifier: WebVerifier;
}

export class Follower {
  readonly #options: FollowerOptions;
  readonly #tell: (following: Following) => void;
  #client: LightClient | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  #following: Following = {
    state: 'connecting',
    status: undefined,
    anchor: undefined,
    problem: undefined,
  };

  constructor(options: FollowerOptions, tell: (following: Following) => void) {
    this.#options = options;
    this.#tell = tell;
  }

  /** Begins, and asks again and again until it is stopped. */
  start(): void {
    void this.#round();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /**
   * What a proof of a height can be verified from: a verified block below, if possible the newest, or the header that the
   * user trusts when nothing follows from it yet. What is held answers, no node need be there.
   */
  async trustedBelow(height: bigint): Promise<LightBlock | TrustRoot> {
    const { trust } = this.#options;
    if (this.#client === undefined || height === trust.height) return trust;
    const newest = await this.#client.status();
    return this.#client.verifyToHeight(newest.height < height ? newest.height : trust.height);
  }

  async #round(): Promise<void> {
    const next = await this.#ask();
    if (this.#isStopped) return;
    this.#following = next;
    this.#tell(next);
    if (next.state !== 'halted') this.#timer = setTimeout(() => void this.#round(), ASK_EVERY_MS);
  }

  async #ask(): Promise<Following> {
    try {
      this.#client ??= await LightClient.create(this.#clientOptions());
      await this.#client.update();
      return { ...(await this.#look()), state: 'following', problem: undefined };
    } catch (error) {
      return {
        ...(await this.#afterFailure(error)),
        state: stateOf(error),
        problem: textOf(error),
      };
    }
  }

  /** What is still trusted. Anything but a silent node is a reason to begin anew with the next round. */
  async #afterFailure(error: unknown): Promise<Pick<Following, 'status' | 'anchor'>> {
    const { status, anchor } = this.#following;
    const seen = await this.#look().catch(() => ({ status, anchor }));
    if (!(error instanceof ProviderError)) this.#client = undefined;
    return seen;
  }

  /** What is trusted now, also when nobody answers. */
  async #look(): Promise<Pick<Following, 'status' | 'anchor'>> {
    const before = this.#following;
    const status = await this.#client?.status();
    if (status === undefined) return before;
    const { trust } = this.#options;
    const last = before.status ?? trust;
    const isHigher = status.height > last.height;
    return { status, anchor: isHigher ? { height: last.height, hash: last.hash } : before.anchor };
  }

  #clientOptions() {
    const { config, trust, store, verifier } = this.#options;
    const { chainId } = config;
    const nodeAt = (url: string) => new HttpProvider({ url, chainId, timeoutMs: TIMEOUT_MS });
    return {
      chainId,
      primary: nodeAt(config.rpc),
      witnesses: config.witnesses.map(nodeAt),
      withoutWitnesses: config.witnesses.length === 0,
      trust: { ...trust, period: PERIOD },
      store,
      verifier,
      witnessAsks: 3,
    };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stateOf(error: unknown): Following['state'] {
  if (error instanceof DivergenceError) return 'halted';
  if (error instanceof ExpiredError) return 'expired';
  return error instanceof ProviderError ? 'offline' : 'doubted';
}
