/** Decoding what a device reported: bytes that do not fit are the sender's mistake, not a bug of the module. */
import type { ChainError } from './errors.ts';

interface Decoder<V> {
  decode(bytes: Uint8Array): V;
}

/**
 * The value of a payload.
 * @throws what `refuse` makes of the words for the bytes that do not fit: an error of the module's table.
 */
export function decodePayload<V>(
  codec: Decoder<V>,
  payload: Uint8Array,
  refuse: (detail: string) => ChainError,
): V {
  try {
    return codec.decode(payload);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw refuse(error.message);
  }
}
