/** Who signed a transaction, and that the signatures are theirs (SIGN_MODE_DIRECT). */
import { addressOfSecp256k1 } from '../../wire/address.ts';
import { equalBytes, toBase64 } from '../../wire/bytes.ts';
import { PubKey } from '../../wire/gen/cosmos/crypto/secp256k1/keys.ts';
import { SignMode } from '../../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import { SignDoc, type SignerInfo } from '../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { isValidPublicKey } from '../../wire/signature.ts';
import { sdkError } from '../module/errors.ts';
import { makeEvent } from '../module/events.ts';
import type { Frame } from '../module/frame.ts';
import type { DecodedTx } from './decodeTx.ts';
import type { AccountsKeeper, AnyKey, SigningAccount } from './keepers.ts';
import type { ExecutionMode } from './runTx.ts';

const SECP256K1 = '/cosmos.crypto.secp256k1.PubKey';

interface Signing {
  readonly frame: Frame;
  readonly tx: DecodedTx;
  readonly accounts: AccountsKeeper;
  readonly mode: ExecutionMode;
}

/**
 * Checks every signature, pays for it, and moves the sequences of the signers on.
 * @throws ChainError sdk/4, /8, /9, /14, /15, /32 or /37.
 */
export function checkSignatures(signing: Signing): void {
  const { frame, tx, accounts } = signing;
  const { signerInfos } = tx.authInfo;
  checkCounts(tx, accounts.txParams().txSigLimit);
  tx.signers.forEach((text, i) => {
    const address = frame.environment.addresses.parse(text, 'signer');
    const account = accounts.account(address);
    if (account === undefined) throw sdkError('unknownAddress', `account ${text} does not exist`);
    const signed = { address, account, info: signerInfos[i]!, signature: tx.signatures[i]! };
    const pubKey = checkOne(signing, signed);
    const { base } = account;
    accounts.save(address, { ...account, base: { ...base, pubKey, sequence: base.sequence + 1n } });
    frame.events.push(
      makeEvent('tx', { acc_seq: `${text}/${base.sequence}` }),
      makeEvent('tx', { signature: toBase64(tx.signatures[i]!) }),
    );
  });
}

function checkCounts({ signatures, signers, authInfo }: DecodedTx, limit: bigint): void {
  if (signatures.length === 0) throw sdkError('noSignatures');
  if (BigInt(signatures.length) > limit) {
    throw sdkError('tooManySignatures', `signatures: ${signatures.length}, limit: ${limit}`);
  }
  if (signatures.length !== signers.length || authInfo.signerInfos.length !== signers.length) {
    throw sdkError(
      'unauthorized',
      `wrong number of signers; expected ${signers.length}, got ${signatures.length} signatures and ` +
        `${authInfo.signerInfos.length} signer infos`,
    );
  }
}

interface Signed {
  readonly address: Uint8Array;
  readonly account: SigningAccount;
  readonly info: SignerInfo;
  readonly signature: Uint8Array;
}

/** Gives the account's key, which the first transaction of an account brings. */
function checkOne({ frame, tx, accounts, mode }: Signing, signed: Signed): AnyKey | undefined {
  const { base } = signed.account;
  const pubKey = base.pubKey ?? firstKey(signed, mode);
  frame.gas.consume(accounts.txParams().sigVerifyCostSecp256k1, 'ante verify: secp256k1');
  if (signed.info.sequence !== base.sequence) {
    throw sdkError(
      'wrongSequence',
      `account sequence mismatch, expected ${base.sequence}, got ${signed.info.sequence}`,
    );
  }
  if (mode === 'simulate' || mode === 'recheck') return pubKey;
  const signMode = signed.info.modeInfo?.single?.mode;
  if (signMode !== SignMode.SIGN_MODE_DIRECT) {
    throw sdkError(
      'notSupported',
      `sign mode: expected SIGN_MODE_DIRECT, got ${signMode ?? 'none'}`,
    );
  }
  const { chainId } = frame.block;
  const { bodyBytes, authInfoBytes } = tx;
  const document = SignDoc.encode({
    bodyBytes,
    authInfoBytes,
    chainId,
    accountNumber: base.accountNumber,
  });
  const key = secp256k1Key(pubKey);
  if (!frame.environment.verifier.secp256k1(signed.signature, document.finish(), key)) {
    throw sdkError(
      'unauthorized',
      `signature verification failed; please verify account number (${base.accountNumber}), ` +
        `sequence (${base.sequence}) and chain-id (${chainId})`,
    );
  }
  return pubKey;
}

/** The key that a first transaction names, which must be the one behind the address. */
function firstKey({ info, address }: Signed, mode: ExecutionMode): AnyKey | undefined {
  if (info.publicKey === undefined) {
    if (mode === 'simulate') return undefined;
    throw sdkError('invalidPubKey', 'signer_infos.public_key: missing in the first transaction');
  }
  const key = secp256k1Key(info.publicKey);
  // Once for an account: a stored key has been here, and under one that is no point nothing verifies.
  if (!isValidPublicKey('secp256k1', key)) {
    throw sdkError('invalidPubKey', 'not a point of secp256k1');
  }
  if (!equalBytes(addressOfSecp256k1(key), address)) {
    throw sdkError('invalidPubKey', 'pubKey does not match signer address');
  }
  return info.publicKey;
}

function secp256k1Key(any: AnyKey | undefined): Uint8Array {
  if (any === undefined) throw sdkError('invalidPubKey', 'account has no public key');
  if (any.typeUrl !== SECP256K1) {
    throw sdkError('invalidPubKey', `expected ${SECP256K1}, got "${any.typeUrl.slice(0, 100)}"`);
  }
  return PubKey.decode(any.value).key;
}
