/** Nodes named by flags that may be given more than once. */
import { InvalidArgumentError } from 'commander';

/**
 * A flag's nodes so far and more, which may be separated by commas.
 * @throws InvalidArgumentError for one that was named already.
 */
export function eachNode(urls: string, before: readonly string[] = []): readonly string[] {
  const nodes = [...before];
  for (const url of urls.split(',').map((part) => part.trim())) {
    if (isAmong(url, nodes)) {
      throw new InvalidArgumentError(
        'expected each node once: nobody confirms what it says itself.',
      );
    }
    nodes.push(url);
  }
  return nodes;
}

/** Whether a node is named in a list, however its URL is written there. */
export function isAmong(url: string, others: readonly string[]): boolean {
  return others.some((other) => addressOf(other) === addressOf(url));
}

function addressOf(url: string): string {
  const full = url.includes('://') ? url.replace(/^tcp:/, 'http:') : `http://${url}`;
  return URL.canParse(full) ? new URL(full).href : full;
}

/** Who confirms headers: one witness is enough, and which of several did is told nowhere. */
export function confirmedBy(witnesses: readonly string[]): string {
  const [only, ...others] = witnesses;
  if (only === undefined) return 'nobody, by choice';
  return others.length === 0 ? only : `at least one of ${witnesses.join(', ')}`;
}
