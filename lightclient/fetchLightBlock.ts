/** Whole light blocks, from what a node says in several answers. */
import { equalBytes } from '../wire/bytes.ts';
import { heightOf } from './height.ts';
import { type Provider, ProviderError } from './provider.ts';
import type { LightBlock } from './types.ts';

/**
 * All that a node says about one height. When the header announces the same validators for the next
 * height, they are not asked for again: the hash covers keys and powers.
 * @throws ProviderError
 */
export async function fetchLightBlock(provider: Provider, height: bigint): Promise<LightBlock> {
  const [signedHeader, validators] = await Promise.all([
    provider.signedHeader(height),
    provider.validators(height),
  ]);
  const { validatorsHash, nextValidatorsHash } = signedHeader.header;
  const isSame = equalBytes(validatorsHash, nextValidatorsHash);
  const nextValidators = isSame ? validators : await provider.validators(height + 1n);
  return { signedHeader, validators, nextValidators };
}

/** The same, of the height that was asked for. @throws ProviderError */
export async function fetchBlockAt(provider: Provider, height: bigint): Promise<LightBlock> {
  const block = await fetchLightBlock(provider, height);
  if (heightOf(block) === height) return block;
  const text = `header: expected that of height ${height}, got ${heightOf(block)}`;
  throw new ProviderError('badResponse', text);
}
