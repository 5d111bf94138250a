/** Where the auth module keeps accounts: the SDK's layout (x/auth v0.50). */
import { toUtf8 } from '../../wire/bytes.ts';

export const AUTH_STORE = 'acc';

export const AUTH_PREFIX = {
  params: 0,
  accounts: 1,
  globalAccountNumber: 2,
  accountNumbers: toUtf8('accountNumber'),
  /** Of SDK v0.53. */
  unorderedNonces: 90,
} as const;
