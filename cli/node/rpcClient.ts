/** JSON-RPC over HTTP to a CometBFT node, bounded in time and size. */
import { CliError } from '../errors.ts';
import { printable } from '../output.ts';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_SHOWN = 400;

/** A method's refusal, with the members that JSON-RPC gives it. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: string;

  constructor(code: number, message: string, data: string) {
    super(data === '' ? message : `${message}: ${data}`);
    this.code = code;
    this.data = data;
  }
}

export class RpcClient {
  /** As given, with a scheme. */
  readonly url: string;
  readonly #timeoutMs: number;

  /** @throws CliError for a url that is not one of http or https. */
  constructor(url: string, timeoutMs: number) {
    this.url = endpointUrl(url);
    this.#timeoutMs = timeoutMs;
  }

  /** The `result` of a method. @throws RpcError when the node refuses, CliError when it does not answer. */
  async call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const answer = await this.#post({ jsonrpc: '2.0', id: 1, method, params });
    if ('error' in answer && typeof answer.error === 'object' && answer.error !== null) {
      throw rpcError(answer.error);
    }
    if (!('result' in answer))
      throw new CliError(`${this.url}: ${method}: neither result nor error`);
    return answer.result;
  }

  async #post(request: object): Promise<object> {
    let text: string;
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      text = await boundedText(response);
    } catch (cause) {
      if (cause instanceof CliError) throw cause;
      const isLate = cause instanceof Error && cause.name === 'TimeoutError';
      const reason = isLate ? `no answer within ${this.#timeoutMs} ms` : 'cannot be reached';
      throw new CliError(`node ${this.url} ${reason} (is it running? see --node)`, { cause });
    }
    const parsed = parseObject(text);
    if (parsed !== undefined) return parsed;
    const shown = printable(text.slice(0, 80));
    throw new CliError(`node ${this.url}: expected JSON-RPC, got ${JSON.stringify(shown)}`);
  }
}

function endpointUrl(text: string): string {
  const url = text.includes('://') ? text.replace(/^tcp:/, 'http:') : `http://${text}`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new CliError(`--node: expected a URL such as http://localhost:26657, got "${text}"`);
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      throw new CliError(`${response.url}: answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function rpcError(error: object): RpcError {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const shown = (value: unknown): string =>
    typeof value === 'string' ? printable(value.slice(0, MAX_SHOWN)) : '';
  return new RpcError(typeof code === 'number' ? code : 0, shown(message), shown(data));
}
