/**
 * How much power signed a commit (CometBFT types/validation.go). Powers are added up first and signatures
 * checked after, so that a commit which cannot be enough costs no cryptography. Counting stops once the
 * power needed is passed: later signatures are not looked at, as in CometBFT.
 */
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { SignatureVerifier } from '../wire/signature.ts';
import { BLOCK_ID_FLAG, type Commit, type Validator } from '../wire/types.ts';
import { sortValidators, totalVotingPower } from '../wire/validatorSet.ts';
import { commitSignBytes } from '../wire/vote.ts';
import { refuse } from './predicates.ts';
import type { Invalid, NotEnoughTrust, Tally, TrustLevel, Verification } from './types.ts';

const MAX_INT64 = (1n << 63n) - 1n;
const SIGNATURE_LENGTH = 64;

/** A commit, and the set of validators whose power counts. The set must be well formed. */
export interface CommitClaim {
  readonly chainId: string;
  readonly commit: Commit;
  readonly validators: readonly Validator[];
  readonly verifier: SignatureVerifier;
}

interface Signer {
  readonly index: number;
  readonly validator: Validator;
}

interface Selection {
  readonly signers: readonly Signer[];
  readonly tally: Tally;
}

/** That strictly more than 2/3 of the validators' power signed; each signature belongs to the validator at its place. */
export function verifyCommit(claim: CommitClaim): Verification {
  const validators = sortValidators(claim.validators);
  const { signatures } = claim.commit;
  if (signatures.length !== validators.length) {
    return refuse('signatureCount', `${signatures.length} signatures`, `${validators.length}`);
  }
  const total = totalVotingPower(validators);
  const selection = selectByIndex(claim.commit, validators, { total, needed: (total * 2n) / 3n });
  return conclude(claim, selection, notEnoughPower);
}

/**
 * The same, looking at every vote as a full node does (CometBFT VerifyCommit): a single wrong signature,
 * also of a nil vote, refuses the commit. The tally holds all the power that signed.
 */
export function verifyWholeCommit(claim: CommitClaim): Verification {
  const enough = verifyCommit(claim);
  if (!enough.ok) return enough;
  const validators = sortValidators(claim.validators);
  const voters: Signer[] = [];
  let signed = 0n;
  for (const [index, { flag, validatorAddress }] of claim.commit.signatures.entries()) {
    if (flag === BLOCK_ID_FLAG.absent) continue;
    const validator = validatorAt(validators, index, validatorAddress);
    if ('ok' in validator) return validator;
    voters.push({ index, validator });
    if (flag === BLOCK_ID_FLAG.commit) signed += validator.votingPower;
  }
  return wrongSignature(claim, voters) ?? { ok: true, tally: { ...enough.tally, signed } };
}

/**
 * That more than `trustLevel` of the power of a trusted set signed. Signers are found by address, as the
 * commit is of another set; unknown ones are passed over, repeated ones refused.
 */
export function verifyTrustedShare(claim: CommitClaim, trustLevel: TrustLevel): Verification {
  const total = totalVotingPower(claim.validators);
  const weighted = total * BigInt(trustLevel.numerator);
  if (weighted > MAX_INT64) {
    return refuse('trustLevel', `${total} x ${trustLevel.numerator}`, 'a product of 64 bits');
  }
  const needed = weighted / BigInt(trustLevel.denominator);
  const selection = selectByAddress(claim.commit, claim.validators, { total, needed });
  return conclude(claim, selection, notEnoughTrust);
}

type Threshold = Pick<Tally, 'total' | 'needed'>;
type Lookup = (index: number, address: Uint8Array) => Validator | undefined | Invalid;

function selectByIndex(
  commit: Commit,
  validators: readonly Validator[],
  threshold: Threshold,
): Selection | Invalid {
  return select(commit, threshold, (index, address) => validatorAt(validators, index, address));
}

function validatorAt(
  validators: readonly Validator[],
  index: number,
  address: Uint8Array,
): Validator | Invalid {
  const validator = validators[index]!;
  if (equalBytes(validator.address, address)) return validator;
  return refuse('signerAddress', `${toHex(address)} at ${index}`, toHex(validator.address));
}

function selectByAddress(
  commit: Commit,
  validators: readonly Validator[],
  threshold: Threshold,
): Selection | Invalid {
  const known = new Map(validators.map((validator) => [toHex(validator.address), validator]));
  const seen = new Map<string, number>();
  return select(commit, threshold, (index, address) => {
    const name = toHex(address);
    const validator = known.get(name);
    const first = seen.get(name);
    if (validator !== undefined && first !== undefined) {
      return refuse('doubleVote', `${name} at ${first} and ${index}`, 'one vote a validator');
    }
    seen.set(name, index);
    return validator;
  });
}

/** The signers that are needed to pass the threshold, or all there are. Only votes for the block count. */
function select(commit: Commit, threshold: Threshold, lookup: Lookup): Selection | Invalid {
  const signers: Signer[] = [];
  let signed = 0n;
  for (const [index, { flag, validatorAddress, signature }] of commit.signatures.entries()) {
    if (flag !== BLOCK_ID_FLAG.commit) continue;
    const validator = lookup(index, validatorAddress);
    if (validator === undefined) continue;
    if ('ok' in validator) return validator;
    if (signature.length !== SIGNATURE_LENGTH) {
      return refuse('signature', `${signature.length} bytes at ${index}`, `${SIGNATURE_LENGTH}`);
    }
    signers.push({ index, validator });
    signed += validator.votingPower;
    if (signed > threshold.needed) break;
  }
  return { signers, tally: { signed, ...threshold } };
}

/**
 * Too little power outweighs a wrong signature only where CometBFT adds up before it verifies: when it can
 * verify the signatures as one batch. Otherwise it meets the wrong signature first.
 */
function conclude(
  claim: CommitClaim,
  selection: Selection | Invalid,
  tooLittle: (tally: Tally) => NotEnoughTrust | Invalid,
): Verification {
  if ('ok' in selection) return selection;
  const { tally } = selection;
  const isEnough = tally.signed > tally.needed;
  if (!isEnough && isBatch(claim)) return tooLittle(tally);
  const wrong = wrongSignature(claim, selection.signers);
  if (wrong !== undefined) return wrong;
  return isEnough ? { ok: true, tally } : tooLittle(tally);
}

function isBatch({ commit, validators }: CommitClaim): boolean {
  const areEd25519 = validators.every(({ publicKey }) => publicKey.type === 'ed25519');
  return areEd25519 && commit.signatures.length >= 2;
}

function wrongSignature(claim: CommitClaim, signers: readonly Signer[]): Invalid | undefined {
  const { chainId, commit, verifier } = claim;
  const signBytes = commitSignBytes(chainId, commit);
  for (const { index, validator } of signers) {
    const { type, bytes } = validator.publicKey;
    const { signature } = commit.signatures[index]!;
    const message = signBytes(index);
    if (!verifier[type](signature, message, bytes)) {
      const expected = `a signature by ${toHex(validator.address)}`;
      return refuse('signature', `${toHex(signature)} at ${index}`, expected);
    }
  }
  return undefined;
}

function notEnoughPower({ signed, needed, total }: Tally): Invalid {
  return refuse('notEnoughPower', `${signed} of ${total}`, `more than ${needed}`);
}

function notEnoughTrust(tally: Tally): NotEnoughTrust {
  const { signed, needed, total } = tally;
  const got = `${signed} of ${total} trusted`;
  return { ok: false, reason: 'notEnoughTrust', got, expected: `more than ${needed}`, tally };
}
