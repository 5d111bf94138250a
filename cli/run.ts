/** The program's process: what `bin/depind.js` loads. */
import { setFlagsFromString } from 'node:v8';
import { main } from './main.ts';

// On a large machine V8 lets the heap grow to four times of what lives: with a thousand devices that was 580 MB
// around 150. A quarter more than what lives costs more collections, which run beside the program.
setFlagsFromString('--heap-growing-percent=25');

// Whoever reads the output may stop early (`depind … | head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

/** How long what a command left behind may keep the process alive. */
const LINGER_MS = 3000;

const code = await main(process.argv.slice(2));
process.exitCode = code;
setTimeout(() => process.exit(code), LINGER_MS).unref();
