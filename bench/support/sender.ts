/** A client in a process of its own, so that what it costs is not taken for the network's. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { programBeside } from './root.ts';

const PROGRAM = programBeside('senderProcess');

/** What the process is given. */
export interface SenderJob {
  readonly url: string;
  /** In this order, but for those that are under way together. */
  readonly txs: readonly Uint8Array[];
}

/** What the process says when all is sent. */
export interface SenderOutcome {
  readonly refused: readonly string[];
}

/** A client that is ready: the transactions are laid out as requests already. */
export class Sender {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Starts the process and waits until it is ready. */
  static async prepare(job: SenderJob): Promise<Sender> {
    const child = fork(PROGRAM, { execArgv: inherited(), serialization: 'advanced' });
    child.send(job);
    await once(child, 'message');
    return new Sender(child);
  }

  /** Sends everything, then ends. @throws Error with the first refusal, if there is one. */
  async send(): Promise<void> {
    this.#process.send('send');
    const [{ refused }] = (await once(this.#process, 'message')) as [SenderOutcome];
    this.#process.disconnect();
    if (refused.length > 0) {
      throw new Error(`${refused.length} transactions are refused, the first: ${refused[0]}`);
    }
  }
}

/** What makes this process run its sources, without what profiles it. */
export function inherited(): string[] {
  return process.execArgv.filter((flag) => flag.startsWith('--import'));
}
