/** Whether a port can be listened on, asked before anything is written. */
import { createServer } from 'node:net';
import { CliError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be used by this user',
};

/** @param what as in "RPC port 26657 is in use". @throws CliError when it cannot be listened on. */
export function checkPort(what: string, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new CliError(listenError(what, { host, port }, cause), { cause }));
    });
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}

/** The line for a port that could not be taken. */
export function listenError(
  what: string,
  { host, port }: { readonly host: string; readonly port: number },
  cause: unknown,
): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code];
  if (reason !== undefined) return `${what} port ${port} ${reason}`;
  return `${what} cannot listen on ${host}:${port}: ${code || String(cause)}`;
}

/** Whether only this machine can connect. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** The URL that people and programs are told. */
export function shownUrl(host: string, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  if (isLoopback(host) || isEverywhere) return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
