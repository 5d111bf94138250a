/** CRC-32C (RFC 3720, appendix B.4), as LevelDB writes it into its files. */

/** The reflected polynomial. */
const POLYNOMIAL = 0x82f63b78;
/** LevelDB rotates its checksums and adds this (util/crc32c.h, kMaskDelta). */
const MASK_DELTA = 0xa282ead8;
const BYTES_AT_ONCE = 8;

const TABLE_WORDS = 256;
/** One table behind the other, for each of eight bytes that are taken at once. */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(BYTES_AT_ONCE * TABLE_WORDS);
  for (let byte = 0; byte < TABLE_WORDS; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = TABLE_WORDS; i < tables.length; i++) {
    const before = tables[i - TABLE_WORDS]!;
    tables[i] = (before >>> 8) ^ tables[before & 0xff]!;
  }
  return tables;
}

/** The checksum of bytes, in the form in which LevelDB stores it. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}

/** The checksum of bytes, unsigned. */
export function crc32c(bytes: Uint8Array): number {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = bytes.length - (bytes.length % BYTES_AT_ONCE);
  let crc = -1;
  let at = 0;
  for (; at < whole; at += BYTES_AT_ONCE) {
    const low = crc ^ words.getInt32(at, true);
    const high = words.getInt32(at + 4, true);
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24);
  }
  for (; at < bytes.length; at++) crc = entry(0, crc ^ bytes[at]!) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What the lowest byte of a number stands for in one of the tables. */
const entry = (table: number, value: number): number =>
  TABLES[TABLE_WORDS * table + (value & 0xff)]!;
