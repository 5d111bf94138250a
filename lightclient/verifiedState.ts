/** Values of stores, proven under headers that a light client has verified. */
import type { Header } from '../wire/types.ts';
import { checkHeight } from './height.ts';
import { printable } from './jsonRpc.ts';
import type { LightClient } from './lightClient.ts';
import { LightClientError } from './lightClientError.ts';
import type { StateOptions } from './lightClientOptions.ts';
import { type ProofOp, ProviderError } from './provider.ts';
import { queryStore, type StoreClaim, verifyStoreAnswer } from './storeProof.ts';
import { refusalText } from './trail.ts';
import type { LightBlock } from './types.ts';

/** Which value; of the newest state that can be proven when there is no height. */
export interface StoreKey extends StateOptions {
  readonly store: string;
  readonly key: Uint8Array;
}

/** What the chain's state holds, proven. */
export interface VerifiedValue {
  /** Undefined when it is proven that the key is absent. */
  readonly value: Uint8Array | undefined;
  /** Of the state: the header is the one above. */
  readonly height: bigint;
  /** The verified header that carries the AppHash. */
  readonly header: Header;
  /** The proof, as a node gave it. */
  readonly proofOps: readonly ProofOp[];
}

/**
 * The value of a key of a Cosmos SDK store, or its proven absence. A node whose proof does not hold is
 * replaced as one whose header does not.
 * @throws LightClientError when it cannot be proven.
 * @throws ProviderError when no node serves it.
 * @throws RangeError for what is no height.
 */
export async function readVerified(
  client: LightClient,
  { store, key, height, signal }: StoreKey,
): Promise<VerifiedValue> {
  if (height !== undefined) checkHeight(height);
  const { header } = (await blockAbove(client, { height, signal })).signedHeader;
  const claim = { appHash: header.appHash, store, key, height: header.height - 1n };
  const { value, proofOps } = await askVerified(client, claim);
  return { value, proofOps, height: claim.height, header };
}

/** The block above the state, verified: its header holds the root. */
export function blockAbove(
  client: LightClient,
  { height, signal }: StateOptions,
): Promise<LightBlock> {
  return height === undefined
    ? client.update({ signal })
    : client.verifyToHeight(height + 1n, { signal });
}

/** A value, or its proven absence, with the proof as the node gave it. */
export type VerifiedStoreAnswer = Pick<VerifiedValue, 'value' | 'proofOps'>;

/** One question and its proof. @throws as `readVerified`. */
export function askVerified(client: LightClient, claim: StoreClaim): Promise<VerifiedStoreAnswer> {
  return client.withPrimary(async (node) => {
    const answer = await queryStore(node, claim);
    const where = `store ${claim.store} at height ${claim.height}`;
    if (answer.code !== 0) {
      // An honest node may have pruned this height, or have no such store.
      throw new ProviderError(
        'notFound',
        `${where}: code ${answer.code}: ${printable(answer.log)}`,
      );
    }
    const proven = verifyStoreAnswer(claim, answer);
    if (proven.ok) return { value: proven.value, proofOps: answer.proofOps };
    const why = `${where}: ${refusalText(proven)}`;
    // No node can prove it: none is to blame.
    if (proven.reason === 'emptyValue')
      throw new ProviderError('notFound', why, { isAnswer: true });
    throw new LightClientError('refused', why);
  });
}
