/** The signatures inside the one signature of an account: of a multisig key several, behind a bit array. */
import type { CompactBitArray } from '../../../wire/gen/cosmos/crypto/multisig/v1beta1/multisig.ts';
import { SignMode } from '../../../wire/gen/cosmos/tx/signing/v1beta1/signing.ts';
import type { ModeInfo } from '../../../wire/gen/cosmos/tx/v1beta1/tx.ts';
import { ProtoReader } from '../../../wire/protobuf.ts';
import type { AccountKey, MultisigKey, SingleKey } from '../accountKeys.ts';

export interface SingleSignature {
  readonly key: SingleKey;
  readonly mode: SignMode | undefined;
  readonly signature: Uint8Array;
}

/**
 * All signatures by single keys, in the order of the keys.
 * Exactly one form is taken, since neither the mode info nor the signature is signed in amino JSON: the SDK lets more
 * signatures than bits and bits behind the last key pass.
 * @throws TypeError naming what is wrong with the bit array, the modes or the number of signatures.
 */
export function singleSignatures(
  key: AccountKey,
  modeInfo: ModeInfo | undefined,
  signature: Uint8Array,
): SingleSignature[] {
  if (key.type !== 'multisig') return [{ key, mode: modeInfo?.single?.mode, signature }];
  if (modeInfo?.multi === undefined) {
    throw new TypeError('mode_info: expected multi, as the key is a multisig key');
  }
  const signers = chosenKeys(key, modeInfo.multi.bitarray);
  const { modeInfos } = modeInfo.multi;
  const signatures = readMultiSignature(signature);
  if (signatures.length !== signers.length || modeInfos.length !== signers.length) {
    throw new TypeError(
      `multisig: expected ${signers.length} signatures and mode infos, got ` +
        `${signatures.length} and ${modeInfos.length}`,
    );
  }
  return signers.flatMap((signer, i) => innerSignatures(signer, modeInfos[i]!, signatures[i]!));
}

function innerSignatures(
  signer: AccountKey,
  modeInfo: ModeInfo,
  signature: Uint8Array,
): SingleSignature[] {
  const inner = singleSignatures(signer, modeInfo, signature);
  for (const { mode } of inner) {
    // DIRECT covers the bit array, so that it would have to be known before anybody signs.
    if (mode !== SignMode.SIGN_MODE_LEGACY_AMINO_JSON) {
      throw new TypeError(
        `multisig mode: expected SIGN_MODE_LEGACY_AMINO_JSON, got ${mode ?? 'none'}`,
      );
    }
  }
  return inner;
}

/** The keys whose bits are set; the first key has the highest bit of the first byte. */
function chosenKeys({ keys, threshold }: MultisigKey, bits: CompactBitArray | undefined) {
  const elems = bits?.elems ?? new Uint8Array(0);
  const fits = elems.length === Math.ceil(keys.length / 8);
  if (!fits || (bits?.extraBitsStored ?? 0) !== keys.length % 8) {
    throw new TypeError(
      `multisig bit array: expected ${keys.length} bits, got ${elems.length} bytes with ` +
        `${bits?.extraBitsStored ?? 0} bits in the last`,
    );
  }
  const isSet = (i: number): boolean => (elems[i >> 3]! & (0x80 >> (i & 7))) !== 0;
  for (let i = keys.length; i < elems.length * 8; i++) {
    if (isSet(i)) throw new TypeError(`multisig bit array: bit ${i} is set, behind the last key`);
  }
  const chosen = keys.filter((_, i) => isSet(i));
  if (chosen.length < threshold) {
    throw new TypeError(`multisig: expected at least ${threshold} signers, got ${chosen.length}`);
  }
  return chosen;
}

/** The signatures of a MultiSignature, refusing every other field. */
function readMultiSignature(bytes: Uint8Array): Uint8Array[] {
  const reader = new ProtoReader(bytes, 'multisig signature');
  const signatures: Uint8Array[] = [];
  while (!reader.done) {
    const { number, wireType, bytes: signature } = reader.field();
    if (number !== 1 || wireType !== 2) throw reader.fail(`field ${number} is unknown`);
    signatures.push(signature);
  }
  return signatures;
}
