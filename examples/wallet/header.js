// Verifies a block of a chain that nobody need ask any more: both files were recorded from a node's RPC.
import { readFileSync } from 'node:fs';
import {
  lightBlockFromJson,
  lightBlockToJson,
  trustedStateFromJson,
  verify,
} from 'depind-lightclient';

const HOUR = 3_600_000_000_000n;

/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

const trusted = trustedStateFromJson(read('trusted.json'));
const untrusted = lightBlockFromJson(read('block.json'));
// A recording is verified at its own time; a wallet takes BigInt(Date.now()) * 1_000_000n.
const now = untrusted.signedHeader.header.time + 1_000_000_000n;

const verdict = verify({ trusted, untrusted, trustingPeriod: HOUR, now });
const { height } = untrusted.signedHeader.header;
if (verdict.ok) {
  console.log(`height ${height}: ${verdict.tally.signed} of ${verdict.tally.total} power signed`);
} else {
  console.log(`height ${height} is refused: ${verdict.reason}`);
  process.exitCode = 1;
}

// The same block with another state in it, as a dishonest node could serve it.
const forged = lightBlockToJson(untrusted);
forged.signed_header.header.app_hash = 'AB'.repeat(32);
const lie = verify({
  trusted,
  untrusted: lightBlockFromJson(forged),
  trustingPeriod: HOUR,
  now,
});
console.log(`the forged one: ${lie.ok ? 'taken' : lie.reason}`);
if (lie.ok) process.exitCode = 1;
