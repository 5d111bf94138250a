/** Single questions about signatures, answered in batches: for who asks for many before it needs the first answer. */
import type { KeyType, VerifySignature } from '../../wire/signature.ts';
import type { ServerVerifier, SignatureJob } from './backend.ts';

/** As SignatureVerifier, with answers that come later. */
export type LaterVerifier = Readonly<
  Record<KeyType, (...asked: Parameters<VerifySignature>) => Promise<boolean>>
>;

interface Question {
  readonly job: SignatureJob;
  resolve(answer: boolean): void;
  reject(reason: unknown): void;
}

/**
 * Verifies what is asked for in one turn of the program as one batch, on all cores. The answers are the verifier's.
 *
 * @example
 * const together = verifyTogether(verifier);
 * const answers = await Promise.all(votes.map((vote) => together.ed25519(vote.signature, vote.message, vote.key)));
 */
export function verifyTogether(
  verifier: Pick<Required<ServerVerifier>, 'startAll'>,
): LaterVerifier {
  let open: Question[] = [];
  const answerAll = (): void => {
    const questions = open;
    open = [];
    try {
      const answers = verifier.startAll(questions.map(({ job }) => job))();
      for (const [i, { resolve }] of questions.entries()) resolve(answers[i] === true);
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  };
  const ask = (type: KeyType) => {
    return (...[signature, message, publicKey]: Parameters<VerifySignature>): Promise<boolean> => {
      if (open.length === 0) void Promise.resolve().then(answerAll);
      const job = { type, signature, message, publicKey };
      return new Promise((resolve, reject) => {
        open.push({ job, resolve, reject });
      });
    };
  };
  return { ed25519: ask('ed25519'), secp256k1: ask('secp256k1'), p256: ask('p256') };
}
