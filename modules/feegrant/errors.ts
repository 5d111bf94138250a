import { tableError } from '../../chain/module/defineModule.ts';
import type { ChainError } from '../../chain/module/errors.ts';

/** Codes of the SDK's x/feegrant. */
export const feegrantErrors = {
  FeeLimitExceeded: [2, 'fee limit exceeded'],
  FeeLimitExpired: [3, 'fee allowance expired'],
  InvalidDuration: [4, 'invalid duration'],
  NoAllowance: [5, 'no allowance'],
  NoMessages: [6, 'allowed messages are empty'],
  MessageNotAllowed: [7, 'message not allowed'],
} as const;

/** An error of this module for code that has no context. */
export function feegrantError(name: keyof typeof feegrantErrors, detail: string): ChainError {
  return tableError('feegrant', feegrantErrors[name], detail);
}
