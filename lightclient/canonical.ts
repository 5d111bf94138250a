/** Decoding protobuf so that a message has one form only. */
import { equalBytes } from '../wire/bytes.ts';

interface Codec<T> {
  decode(bytes: Uint8Array): T;
  encode(message: T): { finish(): Uint8Array };
}

/** The message that canonical bytes hold. @throws TypeError naming `title` for any other encoding. */
export function decodeCanonical<T>(codec: Codec<T>, bytes: Uint8Array, title: string): T {
  let message: T;
  try {
    message = codec.decode(bytes);
  } catch (cause) {
    throw new TypeError(`${title}: the protobuf does not read`, { cause });
  }
  if (equalBytes(codec.encode(message).finish(), bytes)) return message;
  throw new TypeError(`${title}: expected the canonical encoding`);
}
