/** Runs in the page: asks noble and the browser the same, and compares. */
import {
  createWebVerifier,
  lightBlockFromJson,
  nobleVerifier,
  verify,
  type WebVerifier,
} from '../../lightclient/index.ts';
import { fromBase64 } from '../../wire/bytes.ts';
import type { KeyType } from '../../wire/signature.ts';

interface SignedCase {
  readonly name: string;
  readonly keyType: KeyType;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly ok: boolean;
}

interface Headers {
  readonly now: string;
  readonly trusted: Parameters<typeof lightBlockFromJson>[0];
  readonly blocks: readonly Parameters<typeof lightBlockFromJson>[0][];
}

const PERIOD = 3_600_000_000_000n;
const ROUNDS = 15;
const web: Promise<WebVerifier> = createWebVerifier();

async function compareSignatures(cases: readonly SignedCase[]): Promise<string[]> {
  const verifier = await web;
  const differing: string[] = [];
  for (const { name, keyType, key, message, signature, ok } of cases) {
    const given = [fromBase64(signature), fromBase64(message), fromBase64(key)] as const;
    if ((await verifier[keyType](...given)) !== ok) differing.push(name);
  }
  return differing;
}

/** The reasons, once both agree on them. */
async function compareVerdicts(given: Headers): Promise<string[]> {
  const verifier = await web;
  const reasons: string[] = [];
  for (const ask of questions(given)) {
    const [expected, got] = [verify(ask), await verify({ ...ask, verifier })];
    const isSame = JSON.stringify(got, shown) === JSON.stringify(expected, shown);
    const reason = expected.ok ? 'ok' : expected.reason;
    reasons.push(isSame ? reason : `noble ${reason}, browser ${got.ok ? 'ok' : got.reason}`);
  }
  return reasons;
}

/** The quickest of several, in milliseconds: what else the machine does only adds. Keys are imported once, as by a client that follows a chain. */
async function measure(given: Headers): Promise<{ nobleMs: number; webMs: number }> {
  const verifier = await web;
  const [ask] = questions(given);
  const times = { noble: [] as number[], web: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.noble.push(await timed(() => verify({ ...ask!, verifier: nobleVerifier })));
    times.web.push(await timed(() => verify({ ...ask!, verifier })));
  }
  return { nobleMs: Math.min(...times.noble), webMs: Math.min(...times.web) };
}

function questions({ now, trusted, blocks }: Headers) {
  const from = lightBlockFromJson(trusted);
  return blocks.map((block) => ({
    trusted: from,
    untrusted: lightBlockFromJson(block),
    trustingPeriod: PERIOD,
    now: BigInt(now),
  }));
}

async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function shown(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

Object.assign(globalThis, {
  program: { compareSignatures, compareVerdicts, measure, native: async () => (await web).native },
});
