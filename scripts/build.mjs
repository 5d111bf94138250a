// Builds what `depind` runs and serves: the program, and the page of the light client.
await Promise.all([import('./program.mjs'), import('./lightclient-page.mjs')]);
