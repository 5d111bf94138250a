/** Single questions about signatures, answered in batches: for who asks for many before it needs the first answer. */
import type { KeyType, VerifySignature } from '../../wire/signature.ts';
import type { JobStream } from './jobStream.ts';

/** As SignatureVerifier, with answers that come later. */
export type LaterVerifier = Readonly<
  Record<KeyType, (...asked: Parameters<VerifySignature>) => Promise<boolean>>
>;

interface Question {
  resolve(answer: boolean): void;
  reject(reason: unknown): void;
}

/**
 * Verifies what is asked for in one turn of the program as one batch, on all cores: other threads begin with the first
 * question while the next are asked. The answers are the verifier's.
 *
 * @example
 * const together = verifyTogether(() => pool.stream());
 * const answers = await Promise.all(votes.map((vote) => together.ed25519(vote.signature, vote.message, vote.key)));
 */
export function verifyTogether(open: () => Pick<JobStream, 'add' | 'finish'>): LaterVerifier {
  let stream: ReturnType<typeof open> | undefined;
  let questions: Question[] = [];
  const answerAll = (asked: ReturnType<typeof open>): void => {
    const those = questions;
    stream = undefined;
    questions = [];
    try {
      const answers = asked.finish();
      for (const [i, { resolve }] of those.entries()) resolve(answers[i] === true);
    } catch (error) {
      for (const { reject } of those) reject(error);
    }
  };
  const ask = (type: KeyType) => {
    return (...[signature, message, publicKey]: Parameters<VerifySignature>): Promise<boolean> => {
      const asked = stream ?? open();
      if (stream === undefined) void Promise.resolve().then(() => answerAll(asked));
      stream = asked;
      asked.add({ type, signature, message, publicKey });
      return new Promise((resolve, reject) => {
        questions.push({ resolve, reject });
      });
    };
  };
  return { ed25519: ask('ed25519'), secp256k1: ask('secp256k1'), p256: ask('p256') };
}
