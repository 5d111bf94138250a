import { NO_GENESIS, NO_SERVICE } from '../module/defineModule.ts';

/** What a module declares that takes no message, answers no query and begins with nothing. */
export const QUIET = {
  msg: NO_SERVICE,
  messages: {},
  query: NO_SERVICE,
  queries: {},
  genesis: NO_GENESIS,
};
