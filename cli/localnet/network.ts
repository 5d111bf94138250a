/** A whole network in this process: its applications, its consensus and RPC, and the REST API before it. */
import { join } from 'node:path';
import { createRestServer } from '../../chain/api/index.ts';
import type { ChainApplication } from '../../chain/app/application.ts';
import { createNodeVerifier, type NodeVerifier } from '../../chain/app/nodeVerifier.ts';
import type { SnapshotSchedule } from '../../chain/app/stateSync.ts';
import type { Descriptors } from '../../chain/descriptors/index.ts';
import { addressesOf } from '../../chain/module/addresses.ts';
import type { Pruning } from '../../chain/store/index.ts';
import {
  Localnet,
  type LocalnetOptions,
  type Logger,
  nodePaths,
  readGenesis,
  readValidatorKeys,
} from '../../localnet/index.ts';
import { DEFAULT_PREFIX, openDepind } from '../../modules/app.ts';
import { sharedDescriptors } from '../descriptors.ts';
import { CliError } from '../errors.ts';
import { RpcClient } from '../node/rpcClient.ts';
import { packageVersion } from '../version.ts';
import { type LightPage, serveLightPage } from './lightPage.ts';
import { checkPort, listenError } from './ports.ts';

const RPC_TIMEOUT_MS = 10_000;

export interface NetworkOptions extends Pick<LocalnetOptions, 'onReplay'> {
  readonly home: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly rpcPort: number;
  readonly restPort: number;
  readonly blockIntervalMs: number;
  /** What the nodes ask for a unit of gas, as 0.025udepin; empty for nothing. */
  readonly minimumGasPrices: string;
  /** Threads that verify signatures beside the one that runs blocks; undefined is one for each other core. */
  readonly verifyWorkers?: number | undefined;
  /** Heights whose planned upgrade is passed over. */
  readonly skippedUpgradeHeights?: readonly bigint[];
  /** Heights whose state the nodes keep. */
  readonly pruning: Pruning;
  /** When the nodes make snapshots for state sync. Default: never. */
  readonly stateSync?: SnapshotSchedule;
  readonly logger: Logger;
  /** Called once this process holds the home's stores, before anything is served. */
  onOwned(): Promise<void>;
}

/** A network that makes blocks. */
export interface Network {
  readonly chainId: string;
  readonly localnet: Localnet;
  readonly validators: number;
  /** What verifies signatures, and why nothing faster. */
  readonly cryptoBackend: string;
  /** The ports that were taken. */
  readonly rpcPort: number;
  readonly restPort: number;
  /** Ports of the RPCs of the further validators. */
  readonly otherRpcPorts: readonly number[];
  /** The page of the light client, on the REST port. */
  readonly lightPage: LightPage;
  stop(): Promise<void>;
}

/** @throws Error naming the port, path or field that stands in the way. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { home, host } = options;
  await checkPort('RPC', host, options.rpcPort);
  await checkPort('REST', host, options.restPort);
  const genesis = await readGenesis(nodePaths(home, 0).genesis);
  const validators = await readValidatorKeys(home);
  const descriptors = sharedDescriptors();
  const { verifier, description, close } = await createNodeVerifier({
    workers: options.verifyWorkers,
  });
  const { applications, open } = applicationOpener(options, { verifier, descriptors });
  const localnet = await Localnet.start({
    genesis,
    home,
    validators,
    createApplication: open,
    blockIntervalMs: options.blockIntervalMs,
    rpc: { host, port: options.rpcPort },
    rpcOfEveryNode: true,
    logger: options.logger,
    ...(options.onReplay && { onReplay: options.onReplay }),
  });
  try {
    const { chainId } = genesis;
    const application = applications[0]!;
    const rest = await startRest(options, { chainId, localnet, descriptors, application });
    return {
      chainId,
      localnet,
      validators: validators.length,
      cryptoBackend: description,
      rpcPort: portOf(localnet.rpcUrl),
      restPort: rest.port,
      otherRpcPorts: localnet.otherRpcUrls.map(portOf),
      lightPage: rest.lightPage,
      async stop() {
        await rest.close();
        await localnet.stop();
        await close();
      },
    };
  } catch (error) {
    await localnet.stop();
    throw error;
  }
}

/** Opens one application a node; they share descriptors, and what their verifier remembers. */
function applicationOpener(
  options: NetworkOptions,
  shared: { readonly verifier: NodeVerifier['verifier']; readonly descriptors: Descriptors },
) {
  const applications: ChainApplication[] = [];
  const open = async (index: number): Promise<ChainApplication> => {
    const path = join(nodePaths(options.home, index).data, 'application.db');
    const application = await openDepind({
      store: { path, clock: () => performance.now() },
      ...shared,
      minimumGasPrices: options.minimumGasPrices,
      pruning: options.pruning,
      ...(options.stateSync && {
        stateSync: {
          ...options.stateSync,
          onSnapshotFailure: (height, error) =>
            options.logger.warn(snapshotFailure(index, height, error)),
        },
      }),
      skippedUpgradeHeights: options.skippedUpgradeHeights ?? [],
      version: packageVersion(),
    });
    applications[index] = application;
    if (index === 0) await options.onOwned();
    return application;
  };
  return { applications, open };
}

function snapshotFailure(index: number, height: bigint, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `node ${index}: the snapshot of height ${height} could not be written, the next one is tried when it is due: ${reason}`;
}

interface RestParts {
  readonly chainId: string;
  readonly localnet: Localnet;
  readonly descriptors: Descriptors;
  readonly application: ChainApplication;
}

async function startRest(
  { host, restPort }: NetworkOptions,
  { chainId, localnet, descriptors, application }: RestParts,
): Promise<{ readonly port: number; readonly lightPage: LightPage; close(): Promise<void> }> {
  const rpc = new RpcClient(localnet.rpcUrl, RPC_TIMEOUT_MS);
  const server = createRestServer({
    descriptors,
    backend: {
      query: (request) => application.query(request),
      comet: (method, params) => rpc.call(method, params),
    },
    addresses: addressesOf(DEFAULT_PREFIX),
    application: { name: 'depind', appName: 'depind', version: packageVersion() },
    services: [...application.router.queryPaths, '/cosmos.tx.v1beta1.Service/Simulate'],
    cors: true,
  });
  const lightPage = await serveLightPage(server, {
    chainId,
    rpcPort: portOf(localnet.rpcUrl),
    witnessPorts: localnet.otherRpcUrls.map(portOf),
  });
  try {
    await server.listen({ host, port: restPort });
  } catch (cause) {
    await server.close();
    throw new CliError(listenError('REST', { host, port: restPort }, cause), { cause });
  }
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : restPort;
  return {
    port,
    lightPage,
    async close() {
      server.server.closeAllConnections();
      await server.close();
    },
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
