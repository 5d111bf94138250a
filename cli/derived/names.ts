/** How names of the `.proto` texts are spelt on the command line. */

/** `MaxPricePerHour`, `maxPricePerHour` and `max_price_per_hour` become `max-price-per-hour`. */
export function kebabCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

const SHORTER: Readonly<Record<string, readonly string[]>> = {
  'query bank all-balances': ['balances'],
  'query bank total-supply': ['total'],
  'query bank supply-of': ['total-supply-of'],
};

/**
 * Other names of a command: `query devices list` and `show` for the things that a module is named after, and
 * `tx devices revoke` for `revoke-device`.
 */
export function aliasesOf(
  kind: 'tx' | 'query',
  module: string,
  command: string,
): readonly string[] {
  const singular = module.replace(/s$/, '');
  if (kind === 'query' && command === module) return ['list'];
  if (kind === 'query' && command === singular) return ['show'];
  for (const noun of [module, singular]) {
    if (kind === 'tx' && command.endsWith(`-${noun}`)) return [command.slice(0, -noun.length - 1)];
  }
  return SHORTER[`${kind} ${module} ${command}`] ?? [];
}

/** The first sentence of a comment, and all of it, on one line. */
export function wordsOf(comment: string): { readonly first: string; readonly all: string } {
  const all = comment.replaceAll(/\s+/g, ' ').trim();
  const end = all.search(/\.(\s|$)/);
  return { first: end < 0 ? all : all.slice(0, end), all };
}
