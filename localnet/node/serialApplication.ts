/** An application whose calls never overlap, as ABCI demands of its driver; queries pass at any time. */
import type {
  Application,
  CheckTxRequest,
  FinalizeBlockRequest,
  InitChainRequest,
  PrepareProposalRequest,
  ProcessProposalRequest,
  QueryRequest,
} from '../../chain/abci/types.ts';
import { Mutex } from './mutex.ts';

/** Wraps an application; see the module note. */
export function serialApplication(application: Application): Application {
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
    finalizeBlock: (request: FinalizeBlockRequest) =>
      mutex.run(() => application.finalizeBlock(request)),
    commit: () => mutex.run(() => application.commit()),
    close: () => mutex.run(() => application.close()),
  };
}
