/** What a saved run leaves of the baseline that was there. */
import type { Figure } from './figure.ts';
import type { Run } from './report.ts';

/** How much a run measures, in rising order: a larger one has the rows of the smaller ones and more. */
const EXTENTS = ['quick', 'usual'] as const;
export type Extent = (typeof EXTENTS)[number];

/** A figure with the bench and the extent of the run that measured it. */
export interface SavedFigure extends Figure {
  readonly bench: string;
  readonly extent: Extent;
}

export interface Baseline extends Run {
  readonly figures: readonly SavedFigure[];
}

/**
 * The rows to save: those of the run, behind those of other benches and of larger runs, which this one did not measure
 * again. Rows that a bench of this run does not make any more are dropped.
 */
export function saved(
  before: Baseline | undefined,
  run: Baseline,
  { benches, extent }: { readonly benches: readonly string[]; readonly extent: Extent },
): Baseline {
  const measured = new Set(run.figures.map(({ name }) => name));
  const stays = (row: SavedFigure): boolean =>
    !measured.has(row.name) &&
    (!benches.includes(row.bench) || EXTENTS.indexOf(row.extent) > EXTENTS.indexOf(extent));
  return { ...run, figures: [...(before?.figures ?? []).filter(stays), ...run.figures] };
}
