/** `depind export`: the state of a network as a genesis file, written as it is read. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ChainApplication } from '../chain/app/application.ts';
import { CliError, isFileError } from './errors.ts';
import { chooseHome } from './home.ts';
import { openApplication } from './nodeHome.ts';
import { addHome, type HomeOptions } from './options.ts';
import { note, type Output, type Terminal } from './terminal.ts';
import { uint64 } from './values.ts';

/** Characters that are written at once. */
const PIECE_CHARACTERS = 1 << 16;

interface ExportOptions extends HomeOptions {
  readonly height?: bigint;
  readonly outputDocument?: string;
}

export function addExportCommand(command: Command, terminal: Terminal): void {
  addHome(command)
    .option('--height <height>', 'state to export (default: 0, the latest)', uint64)
    .option('--output-document <file>', 'file to write instead of stdout')
    .addHelpText(
      'after',
      '\nA chain that is started from the file goes on at the height after the exported one, and from its time.\n' +
        '\nExamples:\n  $ depind export --home ./anna > genesis.json\n  $ depind export --height 120 --output-document genesis.json\n',
    )
    .action(async (options: ExportOptions) => {
      const home = chooseHome(options.home, terminal);
      const { application, genesisPath, close } = await openApplication(home, 0, (text) =>
        note(terminal, text),
      );
      try {
        const pieces = await genesisPieces({
          application,
          genesisPath,
          home,
          height: options.height ?? 0n,
        });
        const { outputDocument } = options;
        if (outputDocument === undefined) await writeAll(terminal.stdout, pieces);
        else {
          const path = resolve(terminal.workingDirectory, outputDocument);
          await writeFileWhole(path, pieces);
          note(terminal, `written to ${path}`);
        }
      } finally {
        await close();
      }
    });
}

interface Exported {
  readonly application: ChainApplication;
  readonly genesisPath: string;
  readonly home: string;
  /** 0 for the latest. */
  readonly height: bigint;
}

/** The genesis document in pieces. @throws CliError without state, or for a height that is not kept. */
async function genesisPieces(exported: Exported): Promise<Iterable<string>> {
  const { application, genesisPath, home } = exported;
  const [{ genesisToText, readGenesis }, { blockTimeAt }] = await Promise.all([
    import('../localnet/index.ts'),
    import('../chain/app/chainRecord.ts'),
  ]);
  const latest = application.store.version;
  if (latest === 0n) throw new CliError(`${home} has no state yet`);
  const height = exported.height === 0n ? latest : exported.height;
  const { earliestVersion } = application.store;
  if (height < earliestVersion || height > latest) {
    throw new CliError(`--height: kept are ${earliestVersion} to ${latest}, got ${height}`);
  }
  const genesis = await readGenesis(genesisPath);
  // The first block of the new chain has the time of its genesis: never before what the state remembers.
  const genesisTime = blockTimeAt(application.store, height);
  const head = genesisToText({ ...genesis, genesisTime, initialHeight: height + 1n, appState: '' });
  const opening = JSON.stringify(JSON.parse(head)).slice(0, -1);
  return joined(opening, application.exportGenesisText(height));
}

function* joined(opening: string, appState: Iterable<string>): Iterable<string> {
  let piece = `${opening},"app_state":`;
  for (const text of appState) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}}\n`;
}

/** Waits where the reader is slower, so that nothing piles up. */
async function writeAll(output: Output, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    const isTaken = output.write(piece);
    if (isTaken !== false || output.once === undefined) continue;
    await new Promise<void>((done) => output.once?.('drain', done));
  }
}

/** Beside the file first: one that was there stays whole until the new one is. @throws CliError when it cannot be. */
async function writeFileWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const beside = `${path}.partial`;
  let file: FileHandle | undefined;
  try {
    file = await open(beside, 'w');
    for (const piece of pieces) await file.write(piece);
    await file.sync();
    await file.close();
    await rename(beside, path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(beside, { force: true });
    if (!isFileError(error)) throw error;
    throw new CliError(`--output-document: ${path} cannot be written: ${error.message}`);
  }
}
