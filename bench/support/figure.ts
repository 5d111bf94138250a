/** What a benchmark measures, and how it is told. */

/** One measured quantity. */
export interface Figure {
  /** The same from run to run: the baseline is looked up by it. */
  readonly name: string;
  readonly value: number;
  /** Such as "ms", "tx/s", "MB". */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Lowest and highest of the runs behind a median. */
  readonly range?: readonly [number, number];
}

/** What a benchmark is run with. */
export interface BenchOptions {
  /** Fewer rounds and less work: for a look, not for a baseline. */
  readonly quick: boolean;
  /** Tells what is going on, on stderr. */
  progress(text: string): void;
}

/** A group of figures that are measured together. */
export interface Bench {
  /** What `--only` takes. */
  readonly name: string;
  run(options: BenchOptions): Promise<Figure[]>;
}

/** The middle one of some numbers, or the mean of the two in the middle. @throws RangeError for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: expected at least one value, got none');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (!Number.isInteger(middle)) return sorted[Math.floor(middle)]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of runs as a figure, with their range. */
export function figureOf(
  figure: Omit<Figure, 'value' | 'range'>,
  values: readonly number[],
): Figure {
  const range = [Math.min(...values), Math.max(...values)] as const;
  return { ...figure, value: median(values), range };
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
