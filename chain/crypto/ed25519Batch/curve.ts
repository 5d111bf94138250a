/** Constants of edwards25519 (RFC 8032, section 5.1). */

/** The field's prime, 2^255 − 19. */
export const FIELD_PRIME = 2n ** 255n - 19n;
/** Order of the base point. */
export const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** d = −121665/121666. */
export const CURVE_D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
/** 2^((p−1)/4), whose square is −1. */
export const ROOT_OF_MINUS_ONE =
  0x2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0n;
/** Encoding of the base point: y = 4/5, x even. */
export const BASE_POINT = Uint8Array.from([0x58, ...new Array<number>(31).fill(0x66)]);
