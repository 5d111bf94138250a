/**
 * @module lightclient/codes
 * What QR codes say: a checkpoint to begin trust from, and a device's proof in one piece. Drawing and scanning them is
 * left to a library of your choice.
 */
export { type Checkpoint, checkpointFromText, checkpointToText } from './checkpointText.ts';
export { bundleFromCode, bundleToCode } from './proofCode.ts';
