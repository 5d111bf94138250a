/**
 * The blocks that a light client trusts, in a store that it does not trust. A block that this run has not
 * verified itself counts only when its hashes fit and it follows from the user's own trusted header, if need be by
 * other blocks of the store.
 */
import { toHex, toUtf8 } from '../wire/bytes.ts';
import { sha256 } from '../wire/hash.ts';
import { hashHeader } from '../wire/header.ts';
import { heightOf } from './height.ts';
import { LightClientError } from './lightClientError.ts';
import { rulesOfBlock, verifyAlone } from './ownCommit.ts';
import * as rules from './predicates.ts';
import type { AnyVerifier } from './settle.ts';
import { storedBlockOf, textOfBlock } from './storedBlock.ts';
import { skipAlong, trustedStart } from './sync.ts';
import type { TrustedStore } from './trustedStore.ts';
import type { LightBlock, TrustLevel, TrustRoot } from './types.ts';

/** Blocks kept, as in CometBFT. */
export const DEFAULT_MAX_BLOCKS = 1_000;

/** What stored blocks are verified against. */
export interface TrustedBlocksOptions {
  readonly store: TrustedStore;
  readonly chainId: string;
  readonly trust: TrustRoot;
  readonly trustLevel?: TrustLevel | undefined;
  readonly verifier?: AnyVerifier | undefined;
  /** The user's own header is kept besides, whatever its height. @default 1000 */
  readonly maxBlocks?: number | undefined;
}

/** Where a verification goes from, and in which direction. */
export interface Course {
  readonly start: LightBlock;
  readonly isForward: boolean;
}

/** What this run knows of a height: the header, and which text of it has a commit that was verified, if any. */
interface Known {
  readonly hash: string;
  readonly text: string | undefined;
}

interface Stored {
  readonly block: LightBlock;
  readonly text: string;
}

/** Trusted blocks by height. Damaged and foreign ones are removed when they are met. */
export class TrustedBlocks {
  readonly #options: TrustedBlocksOptions;
  readonly #known = new Map<bigint, Known>();
  #root: LightBlock | undefined;

  constructor(options: TrustedBlocksOptions) {
    this.#options = options;
  }

  /** The header that the user trusts, if the store holds it: no node need be asked for it then. */
  async root(): Promise<LightBlock | undefined> {
    const { trust } = this.#options;
    const stored = await this.#read(trust.height);
    if (stored === undefined) return undefined;
    const { block } = stored;
    if (rules.isTrustedHash(block.signedHeader, trust).ok && (await this.#isSigned(stored))) {
      this.#root = block;
      return block;
    }
    await this.#options.store.remove(trust.height);
    return undefined;
  }

  /** Keeps a block that was verified, and forgets the lowest ones when there are too many. */
  async save(block: LightBlock): Promise<void> {
    const { store, trust } = this.#options;
    const height = heightOf(block);
    const text = textOfBlock(block);
    await store.write(height, text);
    this.#known.set(height, { hash: hashText(block), text: digest(text) });
    if (height === trust.height) this.#root = block;
    const most = this.#options.maxBlocks ?? DEFAULT_MAX_BLOCKS;
    const heights = (await store.heights()).filter((held) => held !== trust.height);
    for (const lowest of heights.slice(0, Math.max(0, heights.length - most))) {
      await this.#remove(lowest);
    }
  }

  /**
   * The block at a height, or undefined: as this run has verified it, or verified again. Where only the votes are
   * others, as another tab may have stored them, these alone are.
   */
  async load(height: bigint): Promise<LightBlock | undefined> {
    const stored = await this.#read(height);
    if (stored === undefined) return undefined;
    if (await this.#isTrusted(stored, height)) return stored.block;
    await this.#remove(height);
    return undefined;
  }

  async #isTrusted(stored: Stored, height: bigint): Promise<boolean> {
    const known = this.#known.get(height);
    if (known === undefined) return this.#isVouchedFor(stored.block);
    if (known.hash !== hashText(stored.block)) return false;
    return known.text === digest(stored.text) || this.#isSigned(stored);
  }

  /** Whether the votes for a header that is known are right: a store could hold other parts, which no header covers. */
  async #isSigned({ block, text }: Stored): Promise<boolean> {
    const { ok } = await verifyAlone(block, this.#options);
    if (ok) this.#known.set(heightOf(block), { hash: hashText(block), text: digest(text) });
    return ok;
  }

  /** The highest block up to a height, by default of all. */
  async highest(upTo?: bigint): Promise<LightBlock | undefined> {
    const heights = await this.#options.store.heights();
    const fitting = heights.filter((height) => upTo === undefined || height <= upTo);
    return this.#first(fitting.reverse());
  }

  /** The lowest block from a height on. */
  async lowest(from: bigint): Promise<LightBlock | undefined> {
    const heights = await this.#options.store.heights();
    return this.#first(heights.filter((height) => height >= from));
  }

  /** The highest of all. @throws LightClientError when not even the user's own header is there. */
  async newest(): Promise<LightBlock> {
    const newest = await this.highest();
    if (newest !== undefined) return newest;
    throw new LightClientError('refused', 'the store has lost the trusted header: create it anew');
  }

  /** Forward from the closest block below when it is fresh, else backward from the closest above. */
  async courseTo(
    height: bigint,
    isFresh: (block: LightBlock) => boolean,
  ): Promise<Course | undefined> {
    const below = await this.highest(height);
    if (below !== undefined && isFresh(below)) return { start: below, isForward: true };
    const above = await this.lowest(height);
    return above && { start: above, isForward: false };
  }

  /** Forgets the blocks from a height on, but for the user's own. */
  async removeFrom(lowest: bigint): Promise<void> {
    const { store, trust } = this.#options;
    for (const height of await store.heights()) {
      if (height >= lowest && height !== trust.height) await this.#remove(height);
    }
  }

  async #first(heights: readonly bigint[]): Promise<LightBlock | undefined> {
    for (const height of heights) {
      const block = await this.load(height);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  async #remove(height: bigint): Promise<void> {
    this.#known.delete(height);
    await this.#options.store.remove(height);
  }

  /** The stored block whose form and hashes fit; anything else is removed. */
  async #read(height: bigint): Promise<Stored | undefined> {
    const text = await this.#options.store.read(height);
    if (text === undefined) return undefined;
    const block = storedBlockOf(text);
    if (block !== undefined && this.#fits(block, height)) return { block, text };
    this.#known.delete(height);
    await this.#options.store.remove(height, text);
    return undefined;
  }

  #fits(block: LightBlock, height: bigint): boolean {
    const refusal = rules.firstRefusal(rulesOfBlock(block, this.#options.chainId));
    return refusal === undefined && heightOf(block) === height;
  }

  /**
   * Whether a block follows from the closest one below that this run has verified, if need be by other blocks of the
   * store in between; no node is asked. Those that do not follow are removed. Periods and clocks are left out: they
   * were kept when the block was stored, and whether it is fresh enough to go on from is asked where it is used.
   */
  async #isVouchedFor(target: LightBlock): Promise<boolean> {
    const { time: now } = target.signedHeader.header;
    const { trustLevel, verifier } = this.#options;
    const between = (lower: LightBlock, upper: LightBlock) => this.#between(lower, upper);
    for (const _height of await this.#options.store.heights()) {
      const start = await this.#knownBelow(heightOf(target));
      if (start === undefined) return false;
      const trustingPeriod = now - start.signedHeader.header.time + 1n;
      const given = { now, trustingPeriod, trustLevel, verifier, between };
      const result = await skipAlong(trustedStart(start), given, target);
      if (result.ok) {
        for (const block of result.trace) this.#vouchFor(block);
        return true;
      }
      if (result.height === heightOf(target)) return false;
      await this.#remove(result.height);
    }
    return false;
  }

  #vouchFor(block: LightBlock): void {
    const height = heightOf(block);
    const hash = hashText(block);
    const known = this.#known.get(height);
    if (known?.hash !== hash) this.#known.set(height, { hash, text: undefined });
  }

  async #knownBelow(height: bigint): Promise<LightBlock | undefined> {
    const below = [...this.#known.keys()].filter((known) => known < height);
    for (const known of below.sort((a, b) => (a > b ? -1 : 1))) {
      const block = known === this.#options.trust.height ? this.#root : await this.load(known);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  /** A stored block, 9/16 of the way as where nodes are asked. */
  async #between(lower: LightBlock, upper: LightBlock): Promise<LightBlock | undefined> {
    const heights = await this.#options.store.heights();
    const inside = heights.filter((h) => h > heightOf(lower) && h < heightOf(upper));
    while (inside.length > 0) {
      const [height] = inside.splice(Math.floor((inside.length * 9) / 16), 1);
      const stored = await this.#read(height!);
      if (stored !== undefined) return stored.block;
    }
    return undefined;
  }
}

function digest(text: string): string {
  return toHex(sha256(toUtf8(text)));
}

function hashText(block: LightBlock): string {
  return toHex(hashHeader(block.signedHeader.header));
}
