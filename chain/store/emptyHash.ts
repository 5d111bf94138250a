import { sha256 } from '../../wire/hash.ts';

/** The root hash of a tree without keys, and the AppHash before the first version: sha256(""). */
export const EMPTY_HASH: Uint8Array = sha256(new Uint8Array(0));
