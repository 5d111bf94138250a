/** One validator of the localnet: its key, its application and its mempool. */
import { join } from 'node:path';
import type { Application } from '../../chain/abci/types.ts';
import { hexToJson } from '../../wire/json/encode.ts';
import { Signer } from '../consensus/signer.ts';
import { nodePaths, type ValidatorKeys } from '../init.ts';
import type { BlockLimits, MempoolLimits } from './mempool.ts';
import { Mempool } from './mempool.ts';
import { type SerialApplication, serialApplication } from './serialApplication.ts';

export interface ValidatorNode {
  readonly index: number;
  readonly application: SerialApplication;
  readonly mempool: Mempool;
  readonly signer: Signer;
  /** "validator 2 (10CB5E…)", for messages. */
  readonly name: string;
  /** The node's id among its peers: the address of its node key, in lower-case hex. */
  readonly nodeId: string;
}

export interface ValidatorNodeOptions {
  readonly index: number;
  readonly home: string;
  readonly keys: ValidatorKeys;
  readonly application: Application;
  readonly mempoolLimits?: Partial<MempoolLimits>;
  blockLimits(): BlockLimits;
  onAccepted(tx: Uint8Array): void;
}

/** @throws Error naming the path of a signing state that cannot be read. */
export async function openValidatorNode(options: ValidatorNodeOptions): Promise<ValidatorNode> {
  const { index, home, keys, blockLimits, onAccepted, mempoolLimits } = options;
  const application = serialApplication(options.application);
  const path = join(nodePaths(home, index).validatorState);
  const signer = await Signer.open(keys.validator, path);
  const mempool = new Mempool({
    application,
    blockLimits,
    onAccepted,
    ...(mempoolLimits && { limits: mempoolLimits }),
  });
  const address = hexToJson(keys.validator.address);
  return {
    index,
    application,
    mempool,
    signer,
    name: `validator ${index} (${address})`,
    nodeId: hexToJson(keys.node.address).toLowerCase(),
  };
}
