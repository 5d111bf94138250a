/** The figures as a Markdown table or as JSON, beside those of the baseline. */
import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

/** The figures of one run on one machine; what `baseline.json` holds. */
export interface Run {
  readonly machine: Machine;
  readonly quick: boolean;
  readonly figures: readonly Figure[];
}

/** Markdown, one row a figure. The ratio is over 1 where this run is better than the baseline. */
export function markdown(run: Run, baseline: Run | undefined): string {
  const rows = run.figures.map((figure) => {
    const before = baseline?.figures.find(({ name }) => name === figure.name);
    return [
      figure.name,
      `${shown(figure.value)} ${figure.unit}`.trim(),
      figure.range === undefined ? '' : figure.range.map(shown).join(' to '),
      before === undefined ? '' : shown(before.value),
      before === undefined ? '' : betterBy(figure, before).toFixed(2),
    ];
  });
  const header = ['figure', 'value', 'range', 'baseline', 'better by'];
  const lines = [header, header.map(() => '---'), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** Value and baseline of each figure, for programs. */
export function json(run: Run, baseline: Run | undefined): string {
  const figures = run.figures.map((figure) => {
    const before = baseline?.figures.find(({ name }) => name === figure.name);
    return {
      ...figure,
      ...(before && { baseline: before.value, betterBy: betterBy(figure, before) }),
    };
  });
  return `${JSON.stringify({ ...run, figures }, null, 2)}\n`;
}

/** How many times as good as before: 2 is twice as fast, or half the size. */
function betterBy(figure: Figure, before: Figure): number {
  const ratio = figure.value / before.value;
  return figure.better === 'higher' ? ratio : 1 / ratio;
}

/** Three significant digits, thousands apart. */
function shown(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en-US') : String(rounded);
}
