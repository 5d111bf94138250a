/** Transactions proven to be in a block, and their results by the header of the next one. */
import { txHash } from '../wire/block.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import { leafHash, type MerkleProof, merkleRootFromProof } from '../wire/merkle.ts';
import { hashResults } from '../wire/results.ts';
import type { DeterministicTxResult, Header } from '../wire/types.ts';
import type { LightClient } from './lightClient.ts';
import { LightClientError } from './lightClientError.ts';
import { ProviderError, type ServedTransaction, type TransactionSource } from './provider.ts';
import type { ChainNode } from './roster.ts';

/** A transaction that is in a block of the chain. */
export interface VerifiedTransaction {
  readonly height: bigint;
  /** Its place in the block; proven together with the result. */
  readonly index: number;
  readonly transaction: Uint8Array;
  /** The verified header of its block. */
  readonly header: Header;
  /** The path from the transaction to the header's DataHash. */
  readonly proof: MerkleProof;
  /** What came of it; undefined as long as the next block, whose header proves it, is not there. */
  readonly result: DeterministicTxResult | undefined;
}

/**
 * The transaction with a hash, 32 bytes: by its Merkle path in its block, and its result by the
 * LastResultsHash of the next header. Codes, data and gas are proven; logs and events are in no hash.
 * @throws LightClientError when it cannot be proven.
 * @throws ProviderError when no node serves it; that it does not exist cannot be proven.
 * @throws TypeError for a hash of another length.
 */
export async function readTransaction(
  client: LightClient,
  hash: Uint8Array,
  signal?: AbortSignal,
): Promise<VerifiedTransaction> {
  if (hash.length !== 32) throw new TypeError(`hash: expected 32 bytes, got ${hash.length}`);
  const { header, served } = await client.withPrimary((node) => prove(client, node, hash));
  const { transaction, proof } = served;
  signal?.throwIfAborted();
  const result = await resultOf(client, header.height, proof);
  return { height: header.height, index: proof.index, transaction, header, proof, result };
}

interface Inclusion {
  readonly header: Header;
  readonly served: ServedTransaction;
}

/** What one node says of the transaction, against a header that all nodes have had a say in. */
async function prove(client: LightClient, node: ChainNode, hash: Uint8Array): Promise<Inclusion> {
  const served = await sourceOf(node).transaction(hash);
  checkHash(served, hash);
  const { header } = (await client.verifyToHeight(served.height)).signedHeader;
  const root = rootOf(served);
  if (root !== undefined && equalBytes(root, header.dataHash)) return { header, served };
  const got = root === undefined ? 'no path from the transaction' : toHex(root);
  throw refused(header.height, 'dataHash', { got, expected: toHex(header.dataHash) });
}

function checkHash({ transaction, height }: ServedTransaction, hash: Uint8Array): void {
  const got = txHash(transaction);
  if (equalBytes(got, hash)) return;
  throw refused(height, 'txHash', { got: toHex(got), expected: toHex(hash) });
}

/** The root that the path leads to from the transaction itself. */
function rootOf({ transaction, proof }: ServedTransaction): Uint8Array | undefined {
  const leaf = leafHash(txHash(transaction));
  if (!equalBytes(leaf, proof.leafHash)) return undefined;
  return merkleRootFromProof(leaf, proof.index, proof.total, proof.aunts);
}

async function resultOf(
  client: LightClient,
  height: bigint,
  { index, total }: ServedTransaction['proof'],
): Promise<DeterministicTxResult | undefined> {
  const { latestHeight } = await client.withPrimary((node) => node.status());
  if (latestHeight <= height) return undefined;
  const { lastResultsHash } = (await client.verifyToHeight(height + 1n)).signedHeader.header;
  return client.withPrimary(async (node) => {
    const results = await sourceOf(node).txResults(height);
    const got = hashResults(results);
    if (results.length === total && equalBytes(got, lastResultsHash)) return results[index];
    const expected = `${total} with hash ${toHex(lastResultsHash)}`;
    throw refused(height, 'lastResultsHash', {
      got: `${results.length} with hash ${toHex(got)}`,
      expected,
    });
  });
}

function sourceOf(node: ChainNode): TransactionSource {
  const { transaction, txResults } = node;
  if (transaction !== undefined && txResults !== undefined) {
    return { transaction: transaction.bind(node), txResults: txResults.bind(node) };
  }
  throw new ProviderError('notFound', 'this node serves no transactions');
}

function refused(
  height: bigint,
  what: string,
  { got, expected }: { readonly got: string; readonly expected: string },
): LightClientError {
  const text = `height ${height}: ${what}: got ${got}, expected ${expected}`;
  return new LightClientError('refused', text);
}
