/** Verifies the header that a file holds once, in a new process; prints the milliseconds of it. */
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { createNodeVerifier } from '../../chain/app/nodeVerifier.ts';
import { verify } from '../../lightclient/index.ts';
import type { HeaderCase } from './firstHeader.ts';

const { together } = await createNodeVerifier();
const given = deserialize(readFileSync(process.argv[2]!)) as HeaderCase;
const begin = performance.now();
const verdict = await verify({ ...given, verifier: together });
const ms = performance.now() - begin;
if (!verdict.ok) throw new Error(`the header does not verify: ${verdict.reason}`);
process.stdout.write(`${ms}`);
