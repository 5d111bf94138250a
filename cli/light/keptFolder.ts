/** The folder of `--dir` while it is in use: what it says stands in for flags, and what flags name is kept in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { levelFolderDamage } from '../../wire/levelFolder.ts';
import { CliError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';
import type { ClientOptions } from './client.ts';
import { databasePath, type LightFolder, readLightFolder, writeLightFolder } from './folder.ts';

export class KeptFolder {
  readonly #path: string;
  readonly #saved: LightFolder | undefined;

  private constructor(path: string, saved: LightFolder | undefined) {
    this.#path = path;
    this.#saved = saved;
  }

  /** That of the options. @throws CliError for one that holds something else. */
  static async of(
    { dir }: Pick<ClientOptions, 'dir'>,
    { workingDirectory }: Terminal,
  ): Promise<KeptFolder | undefined> {
    if (dir === undefined) return undefined;
    const path = resolve(workingDirectory, dir);
    return new KeptFolder(path, await readLightFolder(path));
  }

  /** The options, with what was kept where they name nothing. @throws CliError when they are of another chain. */
  complete(options: ClientOptions): ClientOptions {
    if (this.#saved === undefined) return options;
    const { chainId, trust, nodes } = this.#saved;
    if (options.chainId !== undefined && options.chainId !== chainId) {
      const problem = `is of the chain ${chainId}, not of ${options.chainId}`;
      throw new CliError(`--dir: ${this.#path} ${problem}: take another folder`);
    }
    const { trustHeight, trustHash } = options;
    const isTrustNamed = (trustHeight ?? trustHash) !== undefined;
    return {
      ...options,
      chainId,
      ...(trust && !isTrustNamed && { trustHeight: trust.height, trustHash: trust.hash }),
      ...(nodes && !namesNodes(options) && nodeFlags(nodes)),
    };
  }

  /** Its database. @throws CliError when another process uses it, or it cannot be written. */
  async open(chainId: string) {
    if (this.#saved === undefined) await writeLightFolder(this.#path, { chainId });
    const { ClassicLevel } = await import('classic-level');
    const path = databasePath(this.#path);
    const damage = damageOf(path);
    if (damage !== undefined) {
      const todo = `remove ${path}, then all is verified again from where trust began`;
      throw new CliError(`--dir: ${this.#path} cannot be opened: ${damage}; ${todo}`);
    }
    const database = new ClassicLevel(path);
    try {
      await database.open();
      return database;
    } catch (error) {
      const { cause } = error as { cause?: { code?: string; message?: string } };
      const isLocked = cause?.code === 'LEVEL_LOCKED';
      const why = isLocked ? 'another process uses it' : (cause?.message ?? String(error));
      throw new CliError(`--dir: ${this.#path} cannot be opened: ${why}`);
    }
  }

  /** Keeps what complete options name, now that a light client has begun with it. @throws CliError naming the folder. */
  async keep(chainId: string, options: ClientOptions): Promise<void> {
    const { trustHeight: height, trustHash: hash, primary, node, witness } = options;
    const first = primary ?? node;
    await writeLightFolder(this.#path, {
      chainId,
      ...(height !== undefined && hash !== undefined && { trust: { height, hash } }),
      ...(first !== undefined && { nodes: { primary: first, witnesses: witness ?? [] } }),
    });
  }
}

/** Level ends the process over some damages: such a database is refused before Level sees it. */
function damageOf(path: string): string | undefined {
  const names = existsSync(path) ? readdirSync(path) : [];
  return levelFolderDamage({ names, read: (name) => readFileSync(join(path, name)) });
}

function namesNodes({ primary, node, witness, withoutWitnesses }: ClientOptions): boolean {
  return [primary, node, witness, withoutWitnesses].some((flag) => flag !== undefined);
}

function nodeFlags({ primary, witnesses }: NonNullable<LightFolder['nodes']>) {
  return witnesses.length > 0
    ? { primary, witness: witnesses }
    : { primary, withoutWitnesses: true };
}
