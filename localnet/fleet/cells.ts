/** H3 cells of places. */
import { latLngToCell } from 'h3-js';
import type { Place } from './geography.ts';

/** Resolution of a weather station's cell: about 5 square kilometres. */
export const STATION_RESOLUTION = 7;
/** Resolution of a hotspot's cell: about 19 m across. */
export const HOTSPOT_RESOLUTION = 12;

/** The cell of a place, 15 hex digits. */
export function cellOf({ latitude, longitude }: Place, resolution: number): string {
  return latLngToCell(latitude, longitude, resolution);
}

/** The 64-bit index of a cell, as reports carry it. */
export const cellIndex = (cell: string): bigint => BigInt(`0x${cell}`);
