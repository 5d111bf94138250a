/**
 * Signature verification on a server: the fastest back end that loads, on all cores for many signatures, with answers
 * remembered. All answers equal those of wire/'s noble verifier.
 */

import { useSha256 } from '../../wire/hash.ts';
import { KEY_TYPES, type VerifySignature } from '../../wire/signature.ts';
import type { CryptoBackend, ServerVerifier, SignatureJob } from '../crypto/backend.ts';
import { chooseBackend, describeBackend } from '../crypto/chooseBackend.ts';
import { fastSha256 } from '../crypto/fastSha256.ts';
import type { JobStream } from '../crypto/jobStream.ts';
import { sha256 } from '../crypto/loadBackend.ts';
import { type PoolOptions, VerifierPool } from '../crypto/verifierPool.ts';
import { type LaterVerifier, verifyTogether } from '../crypto/verifyTogether.ts';
import { latin1 } from '../store/keyText.ts';
import { RecentMap } from '../store/recentMap.ts';

/** Answers that are remembered: those of several full blocks. */
const MAX_ANSWERS = 100_000;

export interface NodeVerifierOptions extends PoolOptions {
  /** `native`, `wasm` or `noble`. Default: what DEPIND_CRYPTO names, or else the fastest that works. */
  readonly backend?: string | undefined;
}

/** A verifier for a server, and what it verifies account signatures with. */
export interface NodeVerifier {
  readonly verifier: Required<ServerVerifier>;
  /**
   * The same for who can wait for answers: what is asked for in one turn is verified on all cores. It remembers
   * nothing, as who asks for many at once seldom asks for the same again.
   */
  readonly together: LaterVerifier;
  readonly backend: CryptoBackend['name'];
  /** The back end, and why a faster one was passed over: for logs. */
  readonly description: string;
  /** Ends the threads; they do not keep a process alive. */
  close(): Promise<void>;
}

/** @throws TypeError for an unknown back end, Error when the one that is named does not work. */
export async function createNodeVerifier({
  backend: wanted,
  ...pool
}: NodeVerifierOptions = {}): Promise<NodeVerifier> {
  const chosen = await chooseBackend(wanted);
  const { backend } = chosen;
  // Headers and proofs are mostly hashes: they cost half with these.
  if (backend.name !== 'noble') useSha256(fastSha256());
  const verifiers = new VerifierPool(backend, pool);
  const verifier = new RememberingVerifier(backend, verifiers);
  return {
    verifier,
    together: verifyTogether(() => wholeMessages(verifiers.stream())),
    backend: backend.name,
    description: describeBackend(chosen),
    close: () => verifiers.close(),
  };
}

/** A stream of jobs whose messages are whole also for secp256k1. */
function wholeMessages(stream: JobStream): Pick<JobStream, 'add' | 'finish'> {
  return {
    add: (job) => stream.add(job.type === 'secp256k1' ? digested(job) : job),
    finish: () => stream.finish(),
  };
}

const digested = (job: SignatureJob): SignatureJob => ({ ...job, message: sha256(job.message) });

/** Remembers answers, so that CheckTx and the block, and all validators of one process, verify a signature once. */
class RememberingVerifier implements Required<ServerVerifier> {
  readonly #answers = new RecentMap<boolean>(MAX_ANSWERS);
  readonly #backend: CryptoBackend;
  readonly #pool: VerifierPool;

  constructor(backend: CryptoBackend, pool: VerifierPool) {
    this.#backend = backend;
    this.#pool = pool;
  }

  readonly secp256k1: VerifySignature = (signature, message, publicKey) =>
    this.#answer({ type: 'secp256k1', signature, message, publicKey });

  readonly p256: VerifySignature = (signature, message, publicKey) =>
    this.#answer({ type: 'p256', signature, message, publicKey });

  readonly ed25519: VerifySignature = (signature, message, publicKey) =>
    this.#answer({ type: 'ed25519', signature, message, publicKey });

  isPublicKey: Required<ServerVerifier>['isPublicKey'] = (type, publicKey) =>
    this.#backend.isPublicKey(type, publicKey);

  startAll(jobs: readonly SignatureJob[]): () => readonly boolean[] {
    const answers: boolean[] = new Array(jobs.length);
    const open: SignatureJob[] = [];
    const places: { readonly place: number; readonly key: string }[] = [];
    jobs.forEach((job, place) => {
      const digest = sha256(job.message);
      const key = keyOf(job, digest);
      const before = this.#answers.get(key);
      if (before !== undefined) answers[place] = before;
      else {
        open.push(job.type === 'secp256k1' ? { ...job, message: digest } : job);
        places.push({ place, key });
      }
    });
    const finish = this.#pool.start(open);
    return () => {
      finish().forEach((valid, i) => {
        const { place, key } = places[i]!;
        answers[place] = valid;
        this.#answers.set(key, valid);
      });
      return answers;
    };
  }

  #answer(job: SignatureJob): boolean {
    const { type, signature, message, publicKey } = job;
    const digest = sha256(message);
    const key = keyOf(job, digest);
    const before = this.#answers.get(key);
    if (before !== undefined) return before;
    const { verifyDigest, verifier } = this.#backend;
    const valid =
      type === 'secp256k1'
        ? verifyDigest(signature, digest, publicKey)
        : verifier[type](signature, message, publicKey);
    this.#answers.set(key, valid);
    return valid;
  }
}

/** Kind of key, and length of the signature in four bytes. */
const KEY_HEAD = 5;
/** Where keys of the usual length are put together. */
const scratch = new Uint8Array(256);

/**
 * All that the answer depends on. The length of the signature is part of it: two inputs never give one text. It is made
 * in one piece: a Map would join the pieces of a text first.
 */
function keyOf({ type, signature, publicKey }: SignatureJob, digest: Uint8Array): string {
  const end = KEY_HEAD + digest.length + signature.length + publicKey.length;
  const out = end > scratch.length ? new Uint8Array(end) : scratch;
  out[0] = KEY_TYPES.indexOf(type);
  for (let i = 1; i < KEY_HEAD; i++) out[i] = signature.length >> (8 * (i - 1));
  out.set(digest, KEY_HEAD);
  out.set(signature, KEY_HEAD + digest.length);
  out.set(publicKey, end - publicKey.length);
  return latin1(out, 0, end);
}
