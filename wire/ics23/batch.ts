/**
 * The table of steps that the paths of a compressed batch share. Only the one that compression makes is read: each
 * step once, all of them used, in the order of their first use.
 */
import { toHex } from '../bytes.ts';
import type { Compressed, Entry } from './messages.ts';
import { malformed } from './proofError.ts';
import type { ExistenceProof, InnerOp } from './types.ts';

/** The entries with their steps. @throws ProofError `malformed` for another table than compression makes. */
export function decompress({ entries, lookup }: Compressed): readonly Entry[] {
  let used = 0;
  const steps = entries.map((entry) =>
    eachPath(entry, (place: number) => {
      const step = lookup[place];
      if (step === undefined || place > used) throw malformed(`step ${place}`, `up to ${used}`);
      if (place === used) used += 1;
      return step;
    }),
  );
  const different = new Set(lookup.map(nameOf)).size;
  if (used < lookup.length || different < used) {
    throw malformed(
      `${lookup.length} steps`,
      `${Math.min(used, different)} that differ and are used`,
    );
  }
  return steps;
}

/** The same entries with a table of their steps. */
export function compress(entries: readonly Entry[]): Compressed {
  const lookup: InnerOp[] = [];
  const places = new Map<string, number>();
  const placed = entries.map((entry) =>
    eachPath(entry, (step: InnerOp) => {
      const name = nameOf(step);
      const place = places.get(name) ?? lookup.push(step) - 1;
      places.set(name, place);
      return place;
    }),
  );
  return { entries: placed, lookup };
}

const nameOf = ({ hash, prefix, suffix }: InnerOp): string =>
  `${hash} ${toHex(prefix)} ${toHex(suffix)}`;

function eachPath<A, B>({ exist, nonexist }: Entry<A>, change: (step: A) => B): Entry<B> {
  const changed = (proof: ExistenceProof<A> | undefined) =>
    proof && { ...proof, path: proof.path.map(change) };
  // Left before right: the order in which the table is filled.
  return {
    exist: changed(exist),
    nonexist: nonexist && {
      ...nonexist,
      left: changed(nonexist.left),
      right: changed(nonexist.right),
    },
  };
}
