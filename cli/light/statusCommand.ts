/** `depind light status`: what a light client trusts after looking at the newest block. */
import type { Command } from 'commander';
import type { LightClientStatus } from '../../lightclient/index.ts';
import { toHex } from '../../wire/bytes.ts';
import { formatTime } from '../../wire/time.ts';
import { printable, show } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import { addClient, type ClientOptions, type OpenedClient, withLightClient } from './client.ts';
import { confirmedBy } from './nodes.ts';

const NS_PER_SECOND = 1_000_000_000n;

const HELP = `
Example:
  $ depind light status -p http://a.example:26657 -w http://b.example:26657 \\
      --chain-id depind-localnet-1 --trust-height 1 --trust-hash 5AD1…

Exits with 1 when the newest block cannot be verified.
`;

export function addLightStatusCommand(light: Command, terminal: Terminal): void {
  addClient(light.command('status'))
    .description('verify the newest block, and show what is trusted and who confirmed it')
    .addHelpText('after', HELP)
    .action(async (options: ClientOptions) => {
      const status = await withLightClient(options, terminal, async (client, urlOf) => {
        await client.update();
        return withUrls(await client.status(), urlOf);
      });
      const shown = jsonOf(status, BigInt(Date.now()) * 1_000_000n);
      show(terminal, options.output, shown, textOf(shown));
    });
}

/** The nodes by their URLs. */
function withUrls(
  { primary, witnesses, removed, ...rest }: LightClientStatus,
  urlOf: OpenedClient['urlOf'],
): LightClientStatus {
  return {
    ...rest,
    primary: urlOf(primary),
    witnesses: witnesses.map(urlOf),
    removed: removed.map(({ name, why }) => ({ name: urlOf(name), why })),
  };
}

function jsonOf(status: LightClientStatus, now: bigint) {
  const { chainId, height, hash, time, expiresAt } = status;
  return {
    chainId,
    height: `${height}`,
    hash: toHex(hash).toUpperCase(),
    time: formatTime(time),
    ageSeconds: Number((now - time) / NS_PER_SECOND),
    expiresAt: formatTime(expiresAt),
    primary: status.primary,
    witnesses: [...status.witnesses],
    withoutWitnesses: status.withoutWitnesses,
    removed: status.removed.map(({ name, why }) => ({ name, why: printable(why) })),
    headersFetched: status.headersFetched,
  };
}

function textOf(status: ReturnType<typeof jsonOf>): string {
  const { witnesses, removed } = status;
  return [
    `chain: ${printable(status.chainId)}`,
    `trusted height: ${status.height}`,
    `hash: ${status.hash}`,
    `time: ${status.time}, ${status.ageSeconds} s ago`,
    `expires: ${status.expiresAt}`,
    `primary: ${status.primary}`,
    `confirmed by: ${confirmedBy(witnesses)}`,
    ...removed.map(({ name, why }) => `asked no more: ${name}: ${why}`),
    `headers fetched: ${status.headersFetched}`,
  ].join('\n');
}
