/** Nodes of one chain for tests of the light client, some of which are not honest or not there. */
import { strict as assert } from 'node:assert';
import { hashHeader } from '../../wire/header.ts';
import type { SignedHeader } from '../../wire/types.ts';
import { LightClient } from '../lightClient.ts';
import { LightClientError } from '../lightClientError.ts';
import type { CallOptions, LightClientOptions } from '../lightClientOptions.ts';
import { ProviderError, type ProviderReason } from '../provider.ts';
import type { LightBlock } from '../types.ts';
import { CHAIN_ID, makeBlock, SECOND, START, signersOf } from './chain.ts';
import { ChainProvider } from './chainProvider.ts';
import { linkedChain } from './linkedChain.ts';

/** One hour. */
export const PERIOD = 3_600n * SECOND;
export const LENGTH = 20;
export const four = signersOf('four', [10n, 10n, 10n, 10n]);
/** The chain that all honest nodes serve, from height 1 on. */
export const blocks = linkedChain({ length: LENGTH, signersAt: () => four });

/** The block of the honest chain at a height. */
export const blockAt = (height: number): LightBlock => blocks[height - 1]!;

/** A node that says it is behind for headers above its own. */
export class TestNode extends ChainProvider {
  readonly #top: bigint;
  /** While set, every question is answered with it. */
  failure: ProviderReason | undefined;

  constructor(list: readonly LightBlock[] = blocks) {
    super(list);
    this.#top = list.reduce((top, { signedHeader: { header } }) => max(top, header.height), 0n);
  }

  override async signedHeader(height?: bigint): Promise<SignedHeader> {
    this.check();
    if (height !== undefined && height > this.#top) {
      throw new ProviderError('heightTooHigh', `height ${height} must be less than ${this.#top}`);
    }
    return super.signedHeader(height);
  }

  override async status() {
    this.check();
    return super.status();
  }

  /** @throws ProviderError while the node fails. */
  check(): void {
    if (this.failure !== undefined) throw new ProviderError(this.failure, 'no answer');
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** A light client of the honest chain at height 3, which waits for nothing. */
export function openClient(
  change: Partial<LightClientOptions> = {},
  call: CallOptions = {},
): Promise<LightClient> {
  const options = {
    chainId: CHAIN_ID,
    primary: new TestNode(),
    witnesses: [new TestNode()],
    trust: { height: 3n, hash: hashHeader(blockAt(3).signedHeader.header), period: PERIOD },
    now: () => START + 60n * SECOND,
    wait: async () => undefined,
    ...change,
  };
  return LightClient.create(options, call);
}

/** The honest chain up to a height, and from there another one that the same validators signed. */
export function forkAfter(height: number): LightBlock[] {
  const appHash = new Uint8Array(32).fill(7);
  const headerAt = (at: number) => (at > height ? { appHash } : {});
  return linkedChain({ length: 9, signersAt: () => four, headerAt });
}

const strangers = signersOf('strangers', [10n, 10n, 10n, 10n]);

/** The honest chain with one block of strangers. */
export function withStranger(height: number): LightBlock[] {
  const block = makeBlock({ height: BigInt(height), signers: strangers });
  return blocks.map((honest, index) => (index === height - 1 ? block : honest));
}

/** The refusal that some work ends with; anything else fails the test. */
export async function failure(work: Promise<unknown>): Promise<LightClientError> {
  const error: unknown = await work.then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LightClientError, String(error));
  return error;
}
