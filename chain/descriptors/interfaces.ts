/** Which messages may stand in an Any: the interfaces that `.proto` texts name, as the SDK's registry enforces them. */
import type { Descriptors } from './descriptors.ts';
import type { MessageSchema } from './schema.ts';

/** What a transaction holds: a message with signers. */
const MESSAGE = 'cosmos.base.v1beta1.Msg';
/** The same in the older texts. */
const OLDER_MESSAGE = 'sdk.Msg';
const PUBLIC_KEY = 'cosmos.crypto.PubKey';

/** The keys of the SDK, whose texts do not say that they are keys. */
const PUBLIC_KEYS: ReadonlySet<string> = new Set([
  'cosmos.crypto.ed25519.PubKey',
  'cosmos.crypto.multisig.LegacyAminoPubKey',
  'cosmos.crypto.secp256k1.PubKey',
  'cosmos.crypto.secp256r1.PubKey',
]);

/**
 * Whether a message may stand where `accepted` is asked for; an empty text asks for nothing.
 * @param accepted as `cosmos_proto.accepts_interface` has it: names between commas, of which the first counts
 */
export function isAccepted(
  descriptors: Descriptors,
  accepted: string,
  { fullName, signers, implemented }: MessageSchema,
): boolean {
  const name = accepted.split(',', 1)[0]!.trim();
  if (name === '') return true;
  if (name === PUBLIC_KEY) return PUBLIC_KEYS.has(fullName);
  if (name === MESSAGE || name === OLDER_MESSAGE) {
    return signers.length > 0 && descriptors.isRequest(fullName);
  }
  return implemented.includes(name);
}
