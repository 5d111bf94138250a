/** Judging with a verifier that may answer later, such as the browser's own cryptography. */
import type { KeyType, SignatureVerifier, VerifySignature } from '../wire/signature.ts';

/**
 * As a SignatureVerifier, but each answer may also come later. It must give the same answers as noble's,
 * and never reject for what a signature, message or key is.
 */
export type AnyVerifier = Readonly<
  Record<KeyType, (...asked: Parameters<VerifySignature>) => boolean | Promise<boolean>>
>;

/**
 * What `judge` says, at once when all answers came at once. Otherwise it judges as if all pending signatures
 * were right, so that they are checked side by side; if one is not, it judges again with what they turned out
 * to be. `judge` must be pure: it then asks the same questions in the same order until an answer differs, and
 * a wrong signature can only make it ask fewer.
 *
 * `refuse` is what may still be refused before any signature. It is looked at once others verify the signatures or,
 * when they answer at once, after the first of them.
 */
export function settle<T, R = never>(
  verifier: AnyVerifier,
  judge: (verifier: SignatureVerifier) => T,
  refuse: () => R | undefined = () => undefined,
): T | R | Promise<T> {
  const answers: (boolean | Promise<boolean>)[] = [];
  let refusal: R | undefined;
  let isLooked = false;
  const look = (): boolean => {
    if (!isLooked) refusal = refuse();
    isLooked = true;
    return refusal !== undefined;
  };
  const provisional = judge(
    forEveryType((type) => (...asked) => {
      if (refusal !== undefined) return false;
      const answer = verifier[type](...asked);
      answers.push(answer);
      return answer === true ? !look() : answer !== false;
    }),
  );
  if (look()) {
    // Nobody waits for them any more.
    void Promise.allSettled(answers);
    return refusal!;
  }
  if (answers.every((answer) => typeof answer === 'boolean')) return provisional;
  return Promise.all(answers).then((known) => {
    const isAsSupposed = known.every((answer, index) => answer || answers[index] === false);
    return isAsSupposed ? provisional : judge(replay(known));
  });
}

/** Gives known answers in their order; to a question that was not foreseen, no. */
function replay(known: readonly boolean[]): SignatureVerifier {
  let next = 0;
  return forEveryType(() => () => known[next++] === true);
}

function forEveryType(make: (type: KeyType) => VerifySignature): SignatureVerifier {
  return { ed25519: make('ed25519'), secp256k1: make('secp256k1'), p256: make('p256') };
}
