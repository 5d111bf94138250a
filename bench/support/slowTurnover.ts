/** From the first trusted header to one 10,000 blocks later, through a node that is 20 ms away. */
import { createNodeVerifier } from '../../chain/app/nodeVerifier.ts';
import { type Provider, ProviderError, syncToHeight } from '../../lightclient/index.ts';
import { makeBlock, SECOND, type Signer, signersOf } from '../../lightclient/testing/chain.ts';
import type { LightBlock } from '../../lightclient/types.ts';
import { hashHeader } from '../../wire/header.ts';
import { type BenchOptions, type Figure, figureOf, timed } from './figure.ts';

const VALIDATORS = 100;
const BLOCKS = 10_000;
/** One validator of equal power leaves, and one comes, in so many blocks: all have changed by the end. */
const BLOCKS_A_CHANGE = 100;
const ROUND_TRIP_MS = 20;
const FIRST = 1n;

/** Makes a block when it is asked for, and answers after the round trip. */
class DistantNode implements Provider {
  readonly #all = signersOf(
    'turnover',
    new Array<bigint>(VALIDATORS + BLOCKS / BLOCKS_A_CHANGE + 1).fill(10n),
  );
  readonly #blocks = new Map<bigint, LightBlock>();

  /** Signing takes longer than verifying: it is done before the clock runs. */
  block(height: bigint): LightBlock {
    const known = this.#blocks.get(height);
    if (known !== undefined) return known;
    const nextSigners = this.#signersAt(height + 1n);
    const block = makeBlock({ height, signers: this.#signersAt(height), nextSigners });
    this.#blocks.set(height, block);
    return block;
  }

  #signersAt(height: bigint): readonly Signer[] {
    const gone = Number(height) / BLOCKS_A_CHANGE;
    return this.#all.slice(Math.floor(gone), Math.floor(gone) + VALIDATORS);
  }

  async signedHeader(height = FIRST) {
    await roundTrip();
    return this.block(height).signedHeader;
  }

  async validators(height: bigint) {
    await roundTrip();
    return this.block(height).validators;
  }

  async abciQuery(): Promise<never> {
    throw new ProviderError('badResponse', 'this node has no application');
  }

  async status(): Promise<never> {
    throw new ProviderError('badResponse', 'this node has no status');
  }
}

/** The time, and the headers fetched beside the fewest with which one third of trust can be carried so far. */
export async function firstTrust({ quick, progress }: BenchOptions): Promise<Figure[]> {
  const node = new DistantNode();
  const target = FIRST + BigInt(BLOCKS);
  const root = node.block(FIRST).signedHeader.header;
  const options = {
    provider: node,
    chainId: root.chainId,
    trust: { height: FIRST, hash: hashHeader(root) },
    now: root.time + BigInt(BLOCKS + 60) * SECOND,
  };
  const times: number[] = [];
  let fetched = 0;
  progress('signing the headers on the way');
  for (let round = 0; round < (quick ? 2 : 6); round++) {
    const { verifier, close } = await createNodeVerifier({ workers: 0 });
    const ms = await timed(async () => {
      const synced = await syncToHeight({ ...options, verifier }, target);
      if (!synced.ok) throw new Error(`the header is refused: ${synced.reason}`);
      fetched = synced.headersFetched;
    });
    await close();
    // The first round signs.
    if (round > 0) times.push(ms);
  }
  const name = `first trust over ${BLOCKS} blocks, ${VALIDATORS} validators`;
  const headers = { unit: 'headers', better: 'lower' } as const;
  return [
    figureOf({ name, unit: 'ms', better: 'lower' }, times),
    { name: `${name}: headers fetched`, value: fetched, ...headers },
    { name: `${name}: the fewest possible`, value: fewest(), ...headers },
  ];
}

/** Each step reaches as far as more than a third of the validators that are trusted stay; the root is fetched too. */
function fewest(): number {
  const mayChange = VALIDATORS - (Math.floor(VALIDATORS / 3) + 1);
  const changes = Math.floor((Number(FIRST) + BLOCKS) / BLOCKS_A_CHANGE);
  return 1 + Math.ceil(changes / mayChange);
}

function roundTrip(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ROUND_TRIP_MS));
}
