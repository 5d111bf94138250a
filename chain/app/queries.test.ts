import { equal, match, throws } from 'node:assert/strict';
import { queryError } from '../api/status.ts';
import { BusyError, DamagedStoreError, VersionError } from '../store/index.ts';
import { answerOf } from './queries.ts';

const failing = (error: Error) =>
  answerOf(() => {
    throw error;
  });

describe('queries that fail', () => {
  it('for a height that would hold up the blocks are told when to ask again', () => {
    const outcome = failing(new BusyError(5n, 3200));
    equal(`${outcome.codespace} ${outcome.code}`, 'sdk 18');
    match(
      outcome.log,
      /^rpc error: code = ResourceExhausted .* ask again in 3\.2 s: invalid request$/,
    );
    equal(queryError(outcome).httpStatus, 429);
  });

  it('for a height that is not kept are told which are', () => {
    equal(failing(new VersionError(5n, 7n, 9n)).code, 18);
    equal(failing(new VersionError(11n, 7n, 9n)).code, 26);
  });

  it('for what is no fault of the caller are no answers', () => {
    throws(() => failing(new DamagedStoreError('bank', 3n, 'cut')), DamagedStoreError);
    throws(() => failing(new Error('what')), /^Error: what$/);
  });
});
