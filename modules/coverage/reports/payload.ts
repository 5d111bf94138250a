import { Bug } from '../../../chain/module/errors.ts';
import type { CoverageView } from '../context.ts';

/** What a strict decoder reads. @throws ChainError coverage/MalformedPayload with the decoder's words. */
export function decoded<T>({ fail }: Pick<CoverageView, 'fail'>, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof TypeError) throw fail.MalformedPayload(error.message);
    throw new Bug('a payload decoder failed', { cause: error });
  }
}
