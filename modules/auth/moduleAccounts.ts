import { sdkError } from '../../chain/module/errors.ts';
import type { Account } from './account.ts';

/** Accounts that are looked at for those of modules, which have no order of their own: an answer must not take long. */
const MAX_LOOKED_AT = 100_000;

/** The accounts that belong to modules. @throws ChainError sdk/18 when there are too many to look at. */
export function* modulesAmong(
  accounts: Iterable<readonly [unknown, Account]>,
  most = MAX_LOOKED_AT,
): Iterable<Account> {
  let lookedAt = 0;
  for (const [, account] of accounts) {
    lookedAt += 1;
    if (lookedAt > most) {
      throw sdkError('invalidRequest', `expected at most ${most} accounts to look at`);
    }
    if (account.module !== undefined) yield account;
  }
}
