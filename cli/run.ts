/** The program's process: what `bin/depind.js` loads. */
import { main } from './main.ts';

// Whoever reads the output may stop early (`depind … | head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await main(process.argv.slice(2));
