/** A header that several nodes agree on, to begin trust from. */
import { type Provider, ProviderError } from '../../lightclient/index.ts';
import { toHex } from '../../wire/bytes.ts';
import { hashHeader } from '../../wire/header.ts';
import { CliError } from '../errors.ts';
import { printable } from '../output.ts';

/** A node under the name that the user gave it. */
export interface Source {
  readonly url: string;
  readonly provider: Provider;
}

/** A header as all sources show it. */
export interface Checkpoint {
  readonly height: bigint;
  /** Upper-case hex; computed of the header, whatever a source calls its hash. */
  readonly hash: string;
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint;
}

/**
 * The header that all sources show at a height; by default one below the lowest of their newest heights.
 * @throws CliError naming the sources that do not answer, or what each shows when they differ.
 */
export async function findCheckpoint(
  sources: readonly Source[],
  height?: bigint,
): Promise<Checkpoint> {
  const chosen = height ?? (await commonHeight(sources));
  const headers = await askAll(sources, async ({ provider }) => {
    const { header } = await provider.signedHeader(chosen);
    return { hash: toHex(hashHeader(header)).toUpperCase(), time: header.time };
  });
  const [first, ...others] = headers;
  if (first === undefined) throw new CliError('--node: expected at least one');
  if (others.every(({ hash }) => hash === first.hash)) return { height: chosen, ...first };
  const shown = headers.map(({ hash }, index) => `${sources[index]?.url} shows ${hash}`);
  throw new CliError(`the sources differ at height ${chosen}: ${shown.join(', ')}`);
}

async function commonHeight(sources: readonly Source[]): Promise<bigint> {
  const newest = await askAll(sources, async ({ provider, url }) => {
    const { latestHeight } = await provider.status();
    if (latestHeight > 1n) return latestHeight;
    throw new CliError(`${url}: expected height 2 or more, is at ${latestHeight}`);
  });
  let lowest = newest[0] ?? 0n;
  for (const height of newest) if (height < lowest) lowest = height;
  return lowest - 1n;
}

/** Every source's answer, in the order of the sources. */
async function askAll<T>(
  sources: readonly Source[],
  question: (source: Source) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  const failures: string[] = [];
  const settled = await Promise.allSettled(sources.map(question));
  for (const [index, answer] of settled.entries()) {
    if (answer.status === 'fulfilled') answers.push(answer.value);
    else failures.push(failureText(sources[index], answer.reason));
  }
  if (failures.length > 0) throw new CliError(failures.join('; '));
  return answers;
}

function failureText(source: Source | undefined, reason: unknown): string {
  if (reason instanceof CliError) return reason.message;
  if (reason instanceof ProviderError) return `${source?.url}: ${printable(reason.message)}`;
  throw reason;
}
