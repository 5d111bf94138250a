/** `depind debug`: looking into the state of networks. */
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { addDiffCommand } from './diffCommand.ts';
import { addRootsCommand } from './rootsCommand.ts';
import { addTraceCommand } from './traceCommand.ts';

export function addDebugCommand(debug: Command, terminal: Terminal): void {
  addTraceCommand(debug, terminal);
  addDiffCommand(debug, terminal);
  addRootsCommand(debug, terminal);
}
