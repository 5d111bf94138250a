/** A store proof beside @confio/ics23, the last one on npm. It is fetched for the bench alone, when asked for. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { iavlSpec, verifyMembership } from '../../lightclient/index.ts';
import { fromBase64 } from '../../wire/bytes.ts';
import { type BenchOptions, type Figure, figureOf, timed } from './figure.ts';
import { ROOT } from './root.ts';

const RIVAL = '@confio/ics23@0.6.8';
const PROOFS_A_ROUND = 200;
/** Rounds before the code is compiled. */
const WARM_UP = 5;

interface Answer {
  readonly ok: boolean;
}

interface Claim {
  readonly spec: string;
  readonly root: string;
  readonly proof: string;
  readonly key: string;
  readonly value?: string;
  readonly ok: boolean;
}

/** The part of the rival that is used. */
interface Confio {
  readonly ics23: {
    readonly CommitmentProof: { decode(bytes: Uint8Array): unknown };
  };
  readonly iavlSpec: unknown;
  verifyMembership(
    proof: unknown,
    spec: unknown,
    root: Uint8Array,
    key: Uint8Array,
    value: Uint8Array,
  ): boolean;
}

/** Both verify the same proof of a real IAVL tree, from its bytes. */
export async function raceProofs({ quick, progress }: BenchOptions): Promise<Figure[]> {
  const { root, proof, key, value } = longestProof();
  const rounds = quick ? 5 : 25;
  const name = 'ICS23 membership';
  const unit = { unit: 'µs', better: 'lower' } as const;
  const verifyOurs = (): Answer => verifyMembership({ spec: iavlSpec, root, proof, key, value });
  const rival = await loadRival(progress);
  const verifyTheirs = (): Answer => {
    if (rival === undefined) return { ok: true };
    const decoded = rival.ics23.CommitmentProof.decode(proof);
    return { ok: rival.verifyMembership(decoded, rival.iavlSpec, root, key, value) };
  };
  const [ours, theirs] = await perProof(rounds, [verifyOurs, verifyTheirs]);
  const figure = figureOf({ name, ...unit }, ours!);
  if (rival === undefined) return [figure];
  const other = figureOf({ name: `${name}, ${RIVAL}`, ...unit }, theirs!);
  const ratio = other.value / figure.value;
  return [
    figure,
    other,
    { name: `${name}, times faster than ${RIVAL}`, value: ratio, unit: 'x', better: 'higher' },
  ];
}

function longestProof() {
  const path = join(ROOT, 'wire', 'vectors', 'ics23Trees.json');
  const { claims } = JSON.parse(readFileSync(path, 'utf8')) as { readonly claims: Claim[] };
  const [claim] = claims
    .filter(({ ok, spec, value }) => ok && spec === 'iavl' && value !== undefined)
    .sort((a, b) => b.proof.length - a.proof.length);
  const bytes = (text: string | undefined): Uint8Array => fromBase64(text ?? '');
  return {
    root: bytes(claim?.root),
    proof: bytes(claim?.proof),
    key: bytes(claim?.key),
    value: bytes(claim?.value),
  };
}

/** Microseconds a proof in each round, of each verifier in its turn: what else runs on the machine slows both. */
async function perProof(rounds: number, verifiers: readonly (() => Answer)[]) {
  const times = verifiers.map((): number[] => []);
  for (let round = 0; round < rounds + WARM_UP; round++) {
    for (const [index, verify] of verifiers.entries()) {
      const ms = await timed(() => {
        for (let i = 0; i < PROOFS_A_ROUND; i++) {
          if (!verify().ok) throw new Error('the proof does not verify');
        }
      });
      if (round >= WARM_UP) times[index]!.push((ms * 1_000) / PROOFS_A_ROUND);
    }
  }
  return times;
}

/** Installed into a folder of its own: nothing of the project depends on it. Undefined where it cannot be had. */
async function loadRival(progress: (text: string) => void): Promise<Confio | undefined> {
  const folder = join(tmpdir(), 'depind-bench-ics23');
  try {
    if (!existsSync(join(folder, 'node_modules', '@confio', 'ics23'))) {
      await mkdir(folder, { recursive: true });
      const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, RIVAL];
      await promisify(execFile)('npm', args, { timeout: 60_000 });
    }
    return createRequire(join(folder, 'index.js'))('@confio/ics23') as Confio;
  } catch (error) {
    progress(`${RIVAL} cannot be had: ${String(error).slice(0, 200)}`);
    return undefined;
  }
}
