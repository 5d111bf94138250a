/** Shows a text as a QR code. */
import { byId } from './dom.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Draws a code into a figure before its caption, in the place of another one; undefined takes it away. */
export async function showCode(id: string, text: string | undefined, label: string): Promise<void> {
  const figure = byId(id, HTMLElement);
  figure.querySelector('svg')?.remove();
  figure.dataset.text = text ?? '';
  if (text === undefined) return;
  const { codeRows } = await import('./codes.ts');
  // Another one may have been asked for meanwhile.
  if (figure.dataset.text !== text) return;
  figure.querySelector('svg')?.remove();
  figure.prepend(drawing(codeRows(text), label));
}

function drawing(rows: readonly (readonly boolean[])[], label: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', rows.map(outlineOf).join(''));
  svg.append(path);
  return svg;
}

/** The dark stretches of a row, as a path. */
function outlineOf(row: readonly boolean[], y: number): string {
  let outline = '';
  for (let x = 0; x < row.length; x++) {
    const start = x;
    while (row[x] === true) x++;
    if (x > start) outline += `M${start} ${y}h${x - start}v1H${start}z`;
  }
  return outline;
}
