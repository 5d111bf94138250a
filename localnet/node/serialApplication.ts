/** An application whose calls never overlap, as ABCI demands of its driver; queries pass at any time. */
import type {
  Application,
  CheckTxRequest,
  ExtendVoteRequest,
  FinalizeBlockRequest,
  InitChainRequest,
  PrepareProposalRequest,
  ProcessProposalRequest,
  QueryRequest,
  VerifyVoteExtensionRequest,
} from '../../chain/abci/types.ts';
import { Mutex } from './mutex.ts';

/** An application that always has a word on extensions. */
export type SerialApplication = Required<Application>;

const NO_BYTES = new Uint8Array(0);

/** Wraps an application; see the module note. One without extensions adds none and takes none. */
export function serialApplication(application: Application): SerialApplication {
  const mutex = new Mutex();
  return {
    info: () => mutex.run(() => application.info()),
    initChain: (request: InitChainRequest) => mutex.run(() => application.initChain(request)),
    query: (request: QueryRequest) => application.query(request),
    checkTx: (request: CheckTxRequest) => mutex.run(() => application.checkTx(request)),
    prepareProposal: (request: PrepareProposalRequest) =>
      mutex.run(() => application.prepareProposal(request)),
    processProposal: (request: ProcessProposalRequest) =>
      mutex.run(() => application.processProposal(request)),
    extendVote: (request: ExtendVoteRequest) =>
      mutex.run(
        async () => (await application.extendVote?.(request)) ?? { voteExtension: NO_BYTES },
      ),
    verifyVoteExtension: (request: VerifyVoteExtensionRequest) =>
      mutex.run(async () => {
        const accept = request.voteExtension.length === 0;
        return (await application.verifyVoteExtension?.(request)) ?? { accept };
      }),
    finalizeBlock: (request: FinalizeBlockRequest) =>
      mutex.run(() => application.finalizeBlock(request)),
    commit: () => mutex.run(() => application.commit()),
    close: () => mutex.run(() => application.close()),
  };
}
