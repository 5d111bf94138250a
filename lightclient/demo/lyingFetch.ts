/** A fetch that does what a dishonest node could do: it changes answers on their way to the light client. */
import type { Fetch } from '../index.ts';
import type { Lie, Question } from './lies.ts';

/** @param anchor height of the header that is trusted already. */
export function lyingFetch(lie: Lie, anchor: bigint): Fetch {
  return async (url, request) => {
    const response = await fetch(url, request);
    const question = JSON.parse(String(request.body)) as Question;
    const answer = (await response.json()) as { result?: Record<string, unknown> };
    if (answer.result !== undefined) lie.tamper(question, answer.result, anchor);
    return new Response(JSON.stringify(answer), { status: response.status });
  };
}
