/** What people read once their network runs. */
import type { NetworkFile } from '../home.ts';
import { table } from '../output.ts';
import { LIGHT_PATH } from './lightPage.ts';
import type { Network } from './network.ts';

/** Endpoints, where to start verifying, and the accounts with their public secrets. */
export function announcement(file: NetworkFile, network: Network, home: string): string {
  const { chainId, rpc, rest, trust, accounts } = file;
  const count = `${network.validators} validator${network.validators === 1 ? '' : 's'}`;
  const lines = [
    `${chainId} runs with ${count} (home ${home})`,
    '',
    `  RPC             ${rpc}`,
    `  REST            ${rest}`,
    `  Light client    ${rest}${LIGHT_PATH}`,
    `  Chain id        ${chainId}`,
    `  Trusted height  ${trust.height}`,
    `  Trusted hash    ${trust.hash}`,
    '',
  ];
  if (accounts.length > 0) {
    const rows = accounts.map(({ name, address, mnemonic }) => [name, address, mnemonic]);
    lines.push(
      '  Accounts: everybody knows these mnemonics. UNSAFE, for this localnet only.',
      '',
      ...table(['name', 'address', 'mnemonic'], rows).map((line) => `  ${line}`),
      '',
    );
  }
  lines.push('Ctrl-C stops it; the same command goes on from the last block.', '');
  return lines.join('\n');
}
