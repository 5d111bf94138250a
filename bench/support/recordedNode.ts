/** A node's answers at hand: what is left is the verifier's own time. */
import type { Fetch } from '../../lightclient/index.ts';

/** Asks each question once; the same question has the same answer afterwards. */
export function recordingFetch(): Fetch {
  const answers = new Map<string, { readonly status: number; readonly body: Uint8Array }>();
  return async (url, request) => {
    const question = String(request.body);
    const known = answers.get(question);
    if (known !== undefined) return new Response(known.body, { status: known.status });
    const response = await fetch(url, request);
    const body = new Uint8Array(await response.arrayBuffer());
    answers.set(question, { status: response.status, body });
    return new Response(body, { status: response.status });
  };
}
