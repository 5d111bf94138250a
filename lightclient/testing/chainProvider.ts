/** A provider over blocks that are at hand, for tests: it serves what it has and nothing else. */
import type { SignedHeader, Validator } from '../../wire/types.ts';
import { type NodeStatus, type Provider, ProviderError, type QueryAnswer } from '../provider.ts';
import type { LightBlock } from '../types.ts';
import { CHAIN_ID } from './chain.ts';

/** Serves blocks by height, and counts how many headers were asked for. */
export class ChainProvider implements Provider {
  readonly asked: bigint[] = [];
  readonly #blocks: ReadonlyMap<bigint, LightBlock>;

  constructor(blocks: Iterable<LightBlock>) {
    this.#blocks = new Map([...blocks].map((block) => [block.signedHeader.header.height, block]));
  }

  #latest(): LightBlock {
    const blocks = [...this.#blocks.values()];
    return blocks.reduce((a, b) => (heightOf(a) > heightOf(b) ? a : b));
  }

  #at(height: bigint): LightBlock {
    const block = this.#blocks.get(height);
    if (block === undefined)
      throw new ProviderError('notFound', `height ${height} is not available`);
    return block;
  }

  async signedHeader(height?: bigint): Promise<SignedHeader> {
    const block = height === undefined ? this.#latest() : this.#at(height);
    this.asked.push(heightOf(block));
    return block.signedHeader;
  }

  async validators(height: bigint): Promise<readonly Validator[]> {
    const before = this.#blocks.get(height - 1n);
    return (
      this.#blocks.get(height)?.validators ?? before?.nextValidators ?? this.#at(height).validators
    );
  }

  async abciQuery(): Promise<QueryAnswer> {
    throw new ProviderError('badResponse', 'this node has no application');
  }

  async status(): Promise<NodeStatus> {
    const { header } = this.#latest().signedHeader;
    const { height, time } = header;
    return { chainId: CHAIN_ID, latestHeight: height, latestTime: time, isCatchingUp: false };
  }
}

function heightOf(block: LightBlock): bigint {
  return block.signedHeader.header.height;
}
