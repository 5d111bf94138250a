/** Who signed a transaction, that the signatures are theirs, and what comes next of each signer. */
import { equalBytes } from '../../wire/bytes.ts';
import type { SignerInfo } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import type { SignatureJob } from '../crypto/backend.ts';
import { sdkError } from '../module/errors.ts';
import type { Frame } from '../module/frame.ts';
import {
  type AccountKey,
  accountKeyOf,
  addressOfKey,
  checkPoints,
  countKeys,
} from './accountKeys.ts';
import type { SingleSignature } from './amino/multisig.ts';
import type { DecodedTx } from './decodeTx.ts';
import type { AnyKey, SigningAccount } from './keepers.ts';
import { isSigned, jobsOf, partsOf, type Signing } from './signatureJobs.ts';
import { checkUnordered } from './timeouts.ts';

/** What a signature by one key of a multisig key takes: 66 bytes, and 6 that say how it was made. */
const PART_BYTES = 72;

/**
 * Checks every signature, pays for it, and moves the sequences of the signers on.
 * @throws ChainError sdk/4, /8, /9, /14, /15 or /32.
 */
export function checkSignatures(signing: Signing): void {
  const { frame, tx, accounts } = signing;
  const limit = accounts.txParams().txSigLimit;
  checkCounts(tx, limit);
  const signers = tx.signers.map((text, i) => signerOf(signing, text, i));
  checkLimit(
    signers.reduce((sum, { key }) => sum + (key ? countKeys(key) : 1), 0),
    limit,
  );
  for (const signer of signers) checkKey(signing, signer);
  const parts = signers.map((signer) => payFor(signing, signer));
  if (tx.unordered) {
    const addresses = signers.map(({ address }) => address);
    const simulate = signing.mode === 'simulate';
    checkUnordered(frame, tx, { accounts, signers: addresses, simulate });
  }
  for (const [i, signer] of signers.entries()) {
    if (!tx.unordered) checkSequence(signer);
    if (signing.mode !== 'simulate' && signing.mode !== 'recheck') {
      verify(signing, signer, parts[i]!);
    }
  }
  for (const [i, signer] of signers.entries()) acceptSigner(signing, signer, parts[i]!);
}

/** Keeps the key of a first transaction, moves the sequence on, and says who signed. */
function acceptSigner(
  { frame, tx, accounts }: Signing,
  { address, account, pubKey, key, text, signature }: Signer,
  parts: readonly SingleSignature[],
): void {
  const { base } = account;
  if (tx.unordered) {
    if (base.pubKey === undefined)
      accounts.save(address, { ...account, base: { ...base, pubKey } });
  } else {
    const sequence = base.sequence + 1n;
    accounts.save(address, { ...account, base: { ...base, pubKey, sequence } });
    frame.emit('tx', { acc_seq: `${text}/${base.sequence}` });
  }
  if (key?.type === 'multisig') for (const part of parts) tellSignature(frame, part.signature);
  tellSignature(frame, signature);
}

function tellSignature(frame: Frame, { buffer, byteOffset, length }: Uint8Array): void {
  const text = Buffer.from(buffer, byteOffset, length).toString('base64');
  frame.emit('tx', { signature: text });
}

function checkCounts({ signatures, signers, authInfo }: DecodedTx, limit: bigint): void {
  checkLimit(signatures.length, limit);
  if (signatures.length !== signers.length || authInfo.signerInfos.length !== signers.length) {
    throw sdkError(
      'unauthorized',
      `wrong number of signers; expected ${signers.length}, got ${signatures.length} signatures and ` +
        `${authInfo.signerInfos.length} signer infos`,
    );
  }
}

function checkLimit(count: number, limit: bigint): void {
  if (BigInt(count) <= limit) return;
  throw sdkError('tooManySignatures', `signatures: ${count}, limit: ${limit}`);
}

interface Signer {
  readonly text: string;
  readonly address: Uint8Array;
  readonly account: SigningAccount;
  readonly info: SignerInfo;
  readonly signature: Uint8Array;
  /** The account's key, which its first transaction brings; only a simulation may lack it. */
  readonly pubKey: AnyKey | undefined;
  readonly key: AccountKey | undefined;
}

function signerOf({ frame, tx, accounts, mode }: Signing, text: string, index: number): Signer {
  const address = frame.environment.addresses.parse(text, 'signer');
  const account = accounts.account(address);
  if (account === undefined) throw sdkError('unknownAddress', `account ${text} does not exist`);
  const info = tx.authInfo.signerInfos[index]!;
  const pubKey = account.base.pubKey ?? info.publicKey;
  if (pubKey === undefined && mode !== 'simulate') {
    throw sdkError('invalidPubKey', 'signer_infos.public_key: missing in the first transaction');
  }
  const key = pubKey && accountKeyOf(pubKey);
  return { text, address, account, info, signature: tx.signatures[index]!, pubKey, key };
}

/** A first transaction brings the key behind the address; a later one may not name another. */
function checkKey({ frame, mode }: Signing, { key, account, address, info }: Signer): void {
  const { base } = account;
  if (key !== undefined && base.pubKey === undefined) checkFirstKey(frame, key, address);
  if (mode !== 'simulate') checkNamedKey(base.pubKey, info.publicKey);
}

/** Pays for the signatures by single keys, and gives them; a simulation has none. */
function payFor(signing: Signing, signer: Signer): readonly SingleSignature[] {
  const { key } = signer;
  if (key === undefined || signing.mode === 'simulate') {
    payForSimulation(signing, signer);
    return [];
  }
  const parts = partsOf(key, signer);
  for (const part of parts) payForOne(signing, part.key.type);
  return parts;
}

function checkSequence({ info, account }: Signer): void {
  const { sequence } = account.base;
  if (info.sequence === sequence) return;
  throw sdkError(
    'wrongSequence',
    `account sequence mismatch, expected ${sequence}, got ${info.sequence}`,
  );
}

/** Once for an account: the key that a first transaction names must be the one behind the address. */
function checkFirstKey(frame: Frame, key: AccountKey, address: Uint8Array): void {
  checkPoints(key, frame.environment.verifier.isPublicKey);
  if (!equalBytes(addressOfKey(key), address)) {
    throw sdkError('invalidPubKey', 'pubKey does not match signer address');
  }
}

/** A later transaction may leave its key out, but not name another one (SetPubKeyDecorator of the SDK). */
function checkNamedKey(kept: AnyKey | undefined, named: AnyKey | undefined): void {
  if (kept === undefined || named === undefined) return;
  if (kept.typeUrl === named.typeUrl && equalBytes(kept.value, named.value)) return;
  throw sdkError('invalidPubKey', 'pubKey does not match signer address');
}

function payForOne({ frame, accounts }: Signing, type: 'secp256k1' | 'p256'): void {
  const cost = accounts.txParams().sigVerifyCostSecp256k1;
  if (type === 'p256') frame.gas.consume(cost / 2n, 'ante verify: secp256r1');
  else frame.gas.consume(cost, 'ante verify: secp256k1');
}

/** A simulation comes without signatures: an unknown key is taken for a single one, of a multisig key all may sign. */
function payForSimulation(signing: Signing, { key, signature }: Signer): void {
  if (key?.type !== 'multisig') {
    payForOne(signing, key?.type ?? 'secp256k1');
    return;
  }
  const count = countKeys(key);
  for (let i = count; i > 0; i--) payForOne(signing, 'secp256k1');
  if (signature.length > 0) return;
  const { txSizeCostPerByte } = signing.accounts.txParams();
  signing.frame.gas.consume(BigInt(count * PART_BYTES) * txSizeCostPerByte, 'txSize');
}

function verify(signing: Signing, signer: Signer, parts: readonly SingleSignature[]): void {
  const { frame } = signing;
  const { base } = signer.account;
  // The sequence that is signed is the one that is named: that of the account, or 0 of an unordered transaction.
  const signed = { accountNumber: base.accountNumber, sequence: signer.info.sequence };
  for (const job of jobsOf(signing, signed, parts)) {
    if (!isSigned(signing, job)) {
      throw sdkError(
        'unauthorized',
        `signature verification failed; please verify account number (${base.accountNumber}), ` +
          `sequence (${base.sequence}) and chain-id (${frame.block.chainId})`,
      );
    }
  }
}

/**
 * The signatures that the transaction will be asked for, as far as they can be told before it runs: accounts are
 * those of now, sequences those that it names.
 * @throws ChainError when it will fail.
 */
export function expectedSignatures(signing: Omit<Signing, 'mode'>): SignatureJob[] {
  const { tx, frame, accounts, descriptors } = signing;
  const checked: Signing = { frame, tx, accounts, mode: 'finalize', descriptors };
  const jobs: SignatureJob[] = [];
  for (const [i, text] of tx.signers.entries()) {
    if (tx.authInfo.signerInfos[i] === undefined || tx.signatures[i] === undefined) continue;
    const signer = signerOf(checked, text, i);
    const { accountNumber } = signer.account.base;
    const { sequence } = signer.info;
    if (signer.key === undefined) continue;
    const signed = { accountNumber, sequence };
    for (const job of jobsOf(checked, signed, partsOf(signer.key, signer))) jobs.push(job);
  }
  return jobs;
}
