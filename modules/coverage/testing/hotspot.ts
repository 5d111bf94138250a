/** Hotspots of the module's tests: who they are, where they stand, what they say. */
import { latLngToCell } from 'h3-js';

const BERLIN = [52.52, 13.405] as const;
const METRES_PER_DEGREE = 111_195;

/** Cell of resolution 12 so far north and east of the middle of Berlin. */
export function cellAt(northMetres: number, eastMetres: number): string {
  const wide = METRES_PER_DEGREE * Math.cos((BERLIN[0] * Math.PI) / 180);
  return latLngToCell(
    BERLIN[0] + northMetres / METRES_PER_DEGREE,
    BERLIN[1] + eastMetres / wide,
    12,
  );
}

/** A device with its key. */
export interface TestHotspot {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly id: string;
  readonly owner: string;
  cell: string;
  gain: number;
  sequence: bigint;
}

/** A report with its signature, as MsgSubmitReports takes it. */
export interface SignedTestReport {
  readonly deviceId: string;
  readonly sequence: bigint;
  readonly timeMs: bigint;
  readonly kind: number;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** MsgAssertLocation of where a hotspot says it stands. */
export const assertion = (hotspot: TestHotspot) => ({
  owner: hotspot.owner,
  deviceId: hotspot.id,
  cell: hotspot.cell,
  gain: hotspot.gain,
  elevationM: 10,
});
