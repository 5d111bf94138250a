/** Values of stores, proven under headers that a light client has verified. */
import type { Header } from '../wire/types.ts';
import type { LightClient } from './lightClient.ts';
import { LightClientError } from './lightClientError.ts';
import { queryStore, verifyStoreAnswer } from './storeProof.ts';
import { refusalText } from './trail.ts';

/** Which value; of the newest state that can be proven when there is no height. */
export interface StoreKey {
  readonly store: string;
  readonly key: Uint8Array;
  readonly height?: bigint | undefined;
}

/** What the chain's state holds, proven. */
export interface VerifiedValue {
  /** Undefined when it is proven that the key is absent. */
  readonly value: Uint8Array | undefined;
  /** Of the state: the header is the one above. */
  readonly height: bigint;
  /** The verified header that carries the AppHash. */
  readonly header: Header;
}

/**
 * The value of a key of a Cosmos SDK store, or its proven absence. A node whose proof does not hold is
 * replaced as one whose header does not.
 * @throws LightClientError when it cannot be proven.
 * @throws ProviderError when no node serves it.
 * @throws RangeError for a height below 1.
 */
export async function readVerified(
  client: LightClient,
  { store, key, height }: StoreKey,
): Promise<VerifiedValue> {
  if (height !== undefined && height < 1n) {
    throw new RangeError(`height: expected at least 1, got ${height}`);
  }
  const above = await (height === undefined ? client.update() : client.verifyToHeight(height + 1n));
  const { header } = above.signedHeader;
  const claim = { appHash: header.appHash, store, key, height: header.height - 1n };
  const value = await client.withPrimary(async (node) => {
    const proven = verifyStoreAnswer(claim, await queryStore(node, claim));
    if (proven.ok) return proven.value;
    const where = `store ${store} at height ${claim.height}`;
    throw new LightClientError('refused', `${where}: ${refusalText(proven)}`);
  });
  return { value, height: claim.height, header };
}
