/** Trying targets in turn, each attempt by a seed of its own, so that what fails can be repeated alone. */
import { Random } from './random.ts';
import { TARGETS, type Target } from './targets.ts';

/** Most time of the processor that one attempt may take: all inputs are small. */
const MAX_ATTEMPT_MS = 3_000;
/** Most that the heap may grow once everything has been tried many times. */
const MAX_GROWTH_BYTES = 64 * 2 ** 20;

/** What to try and for how long. */
export interface FuzzOptions {
  readonly seed: number;
  /** Ends after this many attempts, or after so many milliseconds. */
  readonly attempts?: number | undefined;
  readonly forMs?: number | undefined;
  /** Told before each attempt. */
  readonly beat?: ((target: string, attempt: number) => void) | undefined;
}

/** What was done. */
export interface FuzzResult {
  readonly attempts: number;
  readonly slowestMs: number;
  /** Of the heap after everything was warm; undefined without `--expose-gc`. */
  readonly grownBytes: number | undefined;
}

/** An input that a decoder did not bear, and how to meet it again. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

/** @throws FuzzFailure for the first attempt that ends otherwise than promised. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seed, attempts = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY } = options;
  const started = performance.now();
  let slowestMs = 0;
  let warm: number | undefined;
  let done = 0;
  for (; done < attempts && performance.now() - started < forMs; done++) {
    const target = TARGETS[done % TARGETS.length]!;
    options.beat?.(target.name, done);
    slowestMs = Math.max(slowestMs, await attempt(target, seed, done));
    // By a tenth of the time every cache has what it keeps.
    const isWarm = performance.now() - started > forMs / 10;
    if (warm === undefined && isWarm) warm = heapBytes();
  }
  const now = heapBytes();
  const grownBytes = warm === undefined || now === undefined ? undefined : now - warm;
  if (grownBytes !== undefined && grownBytes > MAX_GROWTH_BYTES) {
    throw new FuzzFailure(`the heap has grown by ${grownBytes} bytes, seed ${seed}`);
  }
  return { attempts: done, slowestMs, grownBytes };
}

/** The one attempt with this number. */
export function repeat(seed: number, number: number): Promise<number> {
  return attempt(TARGETS[number % TARGETS.length]!, seed, number);
}

async function attempt(target: Target, seed: number, number: number): Promise<number> {
  const again = `npm run fuzz -- --seed ${seed} --attempt ${number}`;
  const started = process.cpuUsage();
  try {
    await target.attempt(new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b)));
  } catch (cause) {
    throw new FuzzFailure(`${target.name}: ${String(cause)}; again: ${again}`, { cause });
  }
  const { user, system } = process.cpuUsage(started);
  const took = (user + system) / 1_000;
  if (took <= MAX_ATTEMPT_MS) return took;
  throw new FuzzFailure(`${target.name}: took ${Math.round(took)} ms; again: ${again}`);
}

function heapBytes(): number | undefined {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) return undefined;
  collect();
  return process.memoryUsage().heapUsed;
}
