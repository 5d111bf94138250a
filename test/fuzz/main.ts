/**
 * `npm run fuzz -- [--seconds 60] [--seed n] [--attempt n]`: gives strangers' data to every decoder. Fails for any
 * other end than data or a typed error, for an attempt that does not end, and when the heap grows.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fuzz, repeat } from './run.ts';

/** The longest that a process may go without telling that it has come further. */
const HANG_MS = 20_000;
/** How many attempts pass before it tells so again. */
const BEAT = 200;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
    attempt: { type: 'string' },
  },
});
const seed = wholeNumber('--seed', values.seed);
const seconds = wholeNumber('--seconds', values.seconds);

if (values.attempt !== undefined) {
  console.log(`took ${await repeat(seed, wholeNumber('--attempt', values.attempt))} ms`);
} else if (process.send === undefined) watch();
else await work(process.send.bind(process));

/** The work is done by another process, so that one that hangs can be ended. */
function watch(): void {
  console.log(`seed ${seed}, ${seconds} s`);
  const args = ['--seed', `${seed}`, '--seconds', `${seconds}`];
  const execArgv = ['--expose-gc', '--import=tsx'];
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv });
  let reached = 0;
  let last = Date.now();
  child.on('message', (message) => {
    last = Date.now();
    if (typeof message === 'number') reached = message;
    else console.log(JSON.stringify(message));
  });
  const watching = setInterval(() => {
    if (Date.now() - last < HANG_MS) return;
    console.error(`seed ${seed}: one of the ${BEAT} attempts from ${reached} on hangs`);
    child.kill('SIGKILL');
  }, 1_000);
  child.on('exit', (code) => {
    clearInterval(watching);
    process.exitCode = code ?? 1;
  });
}

async function work(send: (message: unknown) => void): Promise<void> {
  const result = await fuzz({
    seed,
    forMs: seconds * 1_000,
    beat: (_target, attempt) => {
      if (attempt % BEAT === 0) send(attempt);
    },
  });
  send(result);
  process.disconnect();
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new TypeError(`${name}: expected a whole number, got "${text}"`);
}
