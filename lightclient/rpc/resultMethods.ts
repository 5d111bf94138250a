/** Transactions and their results. Codes, data and gas are in the next header; logs and events are in no hash. */
import { txHash } from '../../wire/block.ts';
import { equalBytes, toBase64, toHex } from '../../wire/bytes.ts';
import { base64OrNull, hexToJson, txProofToJson } from '../../wire/json/encode.ts';
import { readHex, readInteger, readList, readObject } from '../../wire/json/read.ts';
import { hashConsensusParams, hashResults } from '../../wire/results.ts';
import type { DeterministicTxResult, Header } from '../../wire/types.ts';
import { ProviderError } from '../provider.ts';
import { txResultsFromJson } from '../transactionJson.ts';
import type { VerifiedTransaction } from '../verifiedTransaction.ts';
import type { Handled } from './answer.ts';
import type { Arguments } from './arguments.ts';
import { UnprovenError } from './policy.ts';
import { asServed, blockAt, contradicts, type Methods, type Scope } from './scope.ts';

/** What of a result no header covers. */
const UNPROVEN_RESULT = ['log', 'info', 'events', 'codespace'] as const;
const BY_HASH = /^\s*tx\.hash\s*=\s*'([0-9a-fA-F]{64})'\s*$/;
const MAX_FOUND = 100;
const readHash = readHex(32);
const readParam = readInteger(-1n, (1n << 63n) - 1n);

export const resultMethods: Methods = {
  tx: { params: ['hash', 'prove'], handle: tx },
  tx_search: {
    params: ['query', 'prove', 'page', 'per_page', 'order_by'],
    handle: txSearch,
  },
  block_results: { params: ['height'], handle: blockResults },
  consensus_params: { params: ['height'], handle: consensusParams },
};

/** A result as the RPC prints it: proven fields from the proof, others from the node or left empty. */
export function resultJson(proven: DeterministicTxResult, served: unknown, keeps: boolean): object {
  const { code, data, gasWanted, gasUsed } = proven;
  const told = keeps && typeof served === 'object' && served !== null ? served : {};
  const said = (name: string) => (told as Record<string, unknown>)[name];
  return {
    code,
    data: base64OrNull(data),
    log: said('log') ?? '',
    info: said('info') ?? '',
    gas_wanted: `${gasWanted}`,
    gas_used: `${gasUsed}`,
    events: said('events') ?? [],
    codespace: said('codespace') ?? '',
  };
}

/** What is unproven of results, in an answer where they stand under this name. */
function unprovenOf(name: string): readonly string[] {
  return UNPROVEN_RESULT.map((field) => `${name}.${field}`);
}

async function tx(scope: Scope, args: Arguments): Promise<Handled> {
  const proven = await scope.client.verifyTx(args.base64('hash'));
  const result = await txJson(scope, { proven, prove: args.flag('prove'), subject: 'tx' });
  const { height, header } = proven;
  return { result, proven: 'part', unproven: unprovenOf('tx_result'), height, header };
}

interface Shown {
  readonly proven: VerifiedTransaction;
  readonly prove: boolean;
  readonly subject: string;
}

/** @throws ProviderError as long as no header proves the result. */
async function txJson(scope: Scope, { proven, prove, subject }: Shown): Promise<object> {
  const { height, index, transaction, header, result, proof } = proven;
  const hash = txHash(transaction);
  if (result === undefined) {
    const text = `tx (${hexToJson(hash)}) not found: its result is proven from the next block on`;
    throw new ProviderError('notFound', text);
  }
  const keeps = scope.keeps(subject);
  const asked = { hash: toBase64(hash), prove: false };
  const served = keeps ? await scope.ask('tx', asked, asServed) : {};
  return {
    hash: hexToJson(hash),
    height: `${height}`,
    index,
    tx_result: resultJson(result, (served as { tx_result?: unknown }).tx_result, keeps),
    tx: toBase64(transaction),
    ...(prove && { proof: txProofToJson({ rootHash: header.dataHash, transaction, proof }) }),
  };
}

/** One transaction by its hash is proven. That a search leaves nothing out is not, nor why it finds what it does. */
async function txSearch(scope: Scope, args: Arguments): Promise<Handled> {
  const query = args.text('query');
  const hash = BY_HASH.exec(query)?.[1]?.toLowerCase();
  if (hash === undefined && !scope.keeps('tx_search')) {
    throw new UnprovenError('tx_search', 'a search may leave out what it likes');
  }
  const asked = { ...args.values, prove: false };
  const { hashes, total } = await scope.ask('tx_search', asked, (served) =>
    readFound(served, hash),
  );
  const txs: object[] = [];
  for (const each of hashes) {
    const proven = await scope.client.verifyTx(each);
    // What is not proven yet is not found yet: clients ask again.
    if (proven.result === undefined && hash !== undefined) return nothingFound();
    txs.push(await txJson(scope, { proven, prove: args.flag('prove'), subject: 'tx_search' }));
  }
  if (txs.length === 0) return nothingFound();
  const unproven = unprovenOf('txs[].tx_result');
  const whole = hash === undefined ? ['total_count', 'txs', ...unproven] : unproven;
  const count = hash === undefined ? total : BigInt(txs.length);
  return { result: { txs, total_count: `${count}` }, proven: 'part', unproven: whole };
}

function nothingFound(): Handled {
  return { result: { txs: [], total_count: '0' }, proven: 'none', unproven: ['txs'] };
}

function readFound(
  json: unknown,
  expected: string | undefined,
): { readonly hashes: readonly Uint8Array[]; readonly total: bigint } {
  const field = readObject(json, 'tx_search');
  const hashOf = (item: unknown, path: string) => readObject(item, path)('hash', readHash);
  const hashes = field('txs', readList(hashOf, expected === undefined ? MAX_FOUND : 1));
  if (expected !== undefined && hashes.some((each) => toHex(each) !== expected)) {
    throw contradicts('tx_search.txs', 'another transaction', expected);
  }
  return { hashes, total: field('total_count', readInteger(0n, 1n << 62n)) };
}

async function blockResults(scope: Scope, args: Arguments): Promise<Handled> {
  // By default the newest block whose results a header proves.
  const height = args.height() ?? (await scope.client.update()).signedHeader.header.height - 1n;
  const { header } = (await blockAt(scope, height + 1n)).signedHeader;
  const { results, told } = await scope.ask('block_results', { height: `${height}` }, (served) =>
    readResults(served, header),
  );
  const keeps = scope.keeps('block_results');
  const said = (name: string) => (keeps ? (told[name] ?? null) : null);
  const items = (told.txs_results ?? []) as unknown[];
  const result = {
    height: `${height}`,
    txs_results:
      results.length === 0 ? null : results.map((each, i) => resultJson(each, items[i], keeps)),
    finalize_block_events: said('finalize_block_events'),
    validator_updates: said('validator_updates'),
    consensus_param_updates: said('consensus_param_updates'),
    app_hash: toBase64(header.appHash),
  };
  const others = ['finalize_block_events', 'validator_updates', 'consensus_param_updates'];
  const unproven = [...unprovenOf('txs_results[]'), ...others];
  return { result, proven: 'part', unproven, height, header };
}

function readResults(served: unknown, { lastResultsHash }: Header) {
  const { results } = txResultsFromJson(served, 'block_results');
  const got = hashResults(results);
  if (!equalBytes(got, lastResultsHash)) {
    throw contradicts('block_results', toHex(got), toHex(lastResultsHash));
  }
  return { results, told: served as Record<string, unknown> };
}

/** The header covers the limits of a block; the other parameters are in no hash. */
async function consensusParams(scope: Scope, args: Arguments): Promise<Handled> {
  const { header } = (await blockAt(scope, args.height())).signedHeader;
  const { height } = header;
  const asked = { height: `${height}` };
  const { params, block } = await scope.ask('consensus_params', asked, (served) =>
    readParams(served, header),
  );
  const proven = { block: { max_bytes: `${block.maxBytes}`, max_gas: `${block.maxGas}` } };
  const told = scope.keeps('consensus_params') ? (params as object) : {};
  const result = { block_height: `${height}`, consensus_params: { ...told, ...proven } };
  const unproven = ['evidence', 'validator', 'version', 'abci'].map((n) => `consensus_params.${n}`);
  return { result, proven: 'part', unproven, height, header };
}

function readParams(served: unknown, { consensusHash }: Header) {
  const params = (served as { consensus_params?: unknown }).consensus_params;
  const block = readObject(params, 'consensus_params')('block', (json, path) => {
    const field = readObject(json, path);
    return { maxBytes: field('max_bytes', readParam), maxGas: field('max_gas', readParam) };
  });
  const got = hashConsensusParams({ block });
  if (!equalBytes(got, consensusHash)) {
    throw contradicts('consensus_params.block', toHex(got), toHex(consensusHash));
  }
  return { params, block };
}
