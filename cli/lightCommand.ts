/** `depind light`: verifying instead of trusting a node; each command has its file. */
import type { Command } from 'commander';
import { addCheckpointCommand } from './light/checkpointCommand.ts';
import { addGetCommand } from './light/getCommand.ts';
import { addStartCommand } from './light/startCommand.ts';
import { addLightStatusCommand } from './light/statusCommand.ts';
import { addVerifyDeviceCommand } from './light/verifyDeviceCommand.ts';
import { addVerifyProofCommand } from './light/verifyProofCommand.ts';
import { addVerifyTxCommand } from './light/verifyTxCommand.ts';
import type { Terminal } from './terminal.ts';

export function addLightCommand(light: Command, terminal: Terminal): void {
  addStartCommand(light, terminal);
  addLightStatusCommand(light, terminal);
  addCheckpointCommand(light, terminal);
  addGetCommand(light, terminal);
  addVerifyTxCommand(light, terminal);
  addVerifyDeviceCommand(light, terminal);
  addVerifyProofCommand(light, terminal);
}
