/**
 * The integer part of H3, Uber's hexagonal grid (h3geo.org). Only functions that never compute with latitudes and
 * longitudes are used, so all machines agree on the results. A cell is text: 15 lower-case hex digits.
 */
import { cellToParent, getResolution, gridDistance as gridDistanceOf, isValidCell } from 'h3-js';

/** Mode 1 of an index, which cells have, begins every cell's text with 8 when the leading zero is left out. */
const CELL_TEXT = /^8[0-9a-f]{14}$/;

/** True for the canonical text of a cell. h3-js alone also takes leading zeros and capitals. */
export function isCell(text: string): boolean {
  return CELL_TEXT.test(text) && isValidCell(text);
}

/** Resolution of a cell, 0 (coarsest) to 15. @throws TypeError when the text is not a cell. */
export function resolutionOf(cell: string): number {
  return getResolution(checkedCell(cell));
}

/**
 * The cell of a coarser resolution in which this one lies; the cell itself at its own resolution.
 * @throws TypeError when the text is not a cell or the resolution is finer than the cell's.
 */
export function parentOf(cell: string, resolution: number): string {
  const own = resolutionOf(cell);
  if (!Number.isInteger(resolution) || resolution < 0 || resolution > own) {
    throw new TypeError(`resolution: expected 0 to ${own}, got ${resolution}`);
  }
  return cellToParent(cell, resolution);
}

/**
 * Steps from cell to neighbouring cell between two cells of one resolution. Undefined when H3 cannot compute it:
 * for cells too far from each other, with a pentagon between them, or of different resolutions.
 * @throws TypeError when a text is not a cell.
 */
export function gridDistance(a: string, b: string): number | undefined {
  const [from, to] = [checkedCell(a), checkedCell(b)];
  try {
    return gridDistanceOf(from, to);
  } catch {
    // H3 reports every case that it cannot compute by throwing; the cells were checked, so that is all it can mean.
    return undefined;
  }
}

/** A cell from its 64-bit index, as device reports carry it. @throws TypeError when the index is not a cell's. */
export function cellFromIndex(index: bigint): string {
  return checkedCell(index.toString(16));
}

/** The 64-bit index of a cell. @throws TypeError when the text is not a cell. */
export function cellToIndex(cell: string): bigint {
  return BigInt(`0x${checkedCell(cell)}`);
}

function checkedCell(text: string): string {
  if (isCell(text)) return text;
  throw new TypeError(`cell: expected 15 hex digits of an H3 cell, got "${text.slice(0, 40)}"`);
}
