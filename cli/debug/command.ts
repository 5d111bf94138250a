/** `depind debug`: looking into the state of stopped networks. */
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { addDiffCommand } from './diffCommand.ts';
import { addRootsCommand } from './rootsCommand.ts';
import { addTraceCommand } from './traceCommand.ts';

export function addDebugCommand(program: Command, terminal: Terminal): void {
  const debug = program
    .command('debug')
    .description(
      'look into the state of a stopped network: what a transaction did, where two states differ',
    );
  addTraceCommand(debug, terminal);
  addDiffCommand(debug, terminal);
  addRootsCommand(debug, terminal);
}
