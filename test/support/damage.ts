/** Damages of files as crashes and disks make them, drawn from a seed. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256 } from '../../wire/hash.ts';

/** Numbers from 0 to below a limit, the same ones for the same seed. */
export type Draw = (limit: number) => number;

/** Limits up to 2^32; the bias of the remainder does not matter here. */
export function drawFrom(seed: string): Draw {
  let count = 0;
  return (limit) => {
    const hash = sha256(new TextEncoder().encode(`${seed}/${count++}`));
    return new DataView(hash.buffer, hash.byteOffset).getUint32(0) % limit;
  };
}

const FILES = {
  log: /\.log$/,
  table: /\.ldb$/,
  manifest: /^MANIFEST-/,
  current: /^CURRENT$/,
  image: /\.image$/,
} as const;
export type DamagedFile = keyof typeof FILES;
export const DAMAGED_FILES = Object.keys(FILES) as DamagedFile[];

const KINDS = {
  truncate: (bytes: Buffer, draw: Draw) => bytes.subarray(0, bytes.length - tail(bytes, draw)),
  zeroFill(bytes: Buffer, draw: Draw): Buffer {
    return Buffer.from(bytes).fill(0, bytes.length - tail(bytes, draw));
  },
  growByZeros: (bytes: Buffer, draw: Draw) =>
    Buffer.concat([bytes, Buffer.alloc(1 + draw(70_000))]),
  duplicate: (bytes: Buffer, draw: Draw) =>
    Buffer.concat([bytes, bytes.subarray(bytes.length - tail(bytes, draw))]),
  flipBits(bytes: Buffer, draw: Draw): Buffer {
    const copy = Buffer.from(bytes);
    for (let flips = 1 + draw(8); flips > 0; flips--) {
      const place = draw(copy.length);
      copy.writeUInt8(copy.readUInt8(place) ^ (1 << draw(8)), place);
    }
    return copy;
  },
} as const;
export type DamageKind = keyof typeof KINDS | 'remove';
export const DAMAGE_KINDS: readonly DamageKind[] = [
  ...(Object.keys(KINDS) as (keyof typeof KINDS)[]),
  'remove',
];

/** Damages the newest file of a kind in a Level folder or below; says what was done. */
export function damage(
  folder: string,
  { file, kind, draw }: { file: DamagedFile; kind: DamageKind; draw: Draw },
): string {
  const paths = filesUnder(folder).filter((path) => FILES[file].test(basename(path)));
  const path = paths
    .filter((each) => statSync(each).size > 0)
    .sort()
    .at(-1);
  if (path === undefined) throw new Error(`there is no ${file} in ${readdirSync(folder)}`);
  return damageFile(path, kind, draw);
}

/** Damages the file under a folder that was written last; says what was done. */
export function damageLastWritten(folder: string, kind: DamageKind, draw: Draw): string {
  const files = filesUnder(folder).filter((path) => statSync(path).size > 0);
  const newest = files.reduce((a, b) => (statSync(b).mtimeMs > statSync(a).mtimeMs ? b : a));
  return damageFile(newest, kind, draw);
}

function damageFile(path: string, kind: DamageKind, draw: Draw): string {
  const before = readFileSync(path);
  if (kind === 'remove') rmSync(path);
  else writeFileSync(path, KINDS[kind](before, draw));
  return `${kind} ${basename(path)} of ${before.length} bytes`;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Bytes of a tail: as often a few as many. */
function tail(bytes: Buffer, draw: Draw): number {
  return 1 + draw(draw(2) === 0 ? Math.min(64, bytes.length) : bytes.length);
}
