import type { Backing, Change } from './backing.ts';
import { type ImageSeal, writeImage } from './imageFile.ts';
import { imageRecord } from './imageRecords.ts';
import type { LiveTrees } from './liveTrees.ts';
import { imageKey } from './records.ts';
import type { TreeKind } from './stateTree.ts';

/** Least log between two images: what a start replays anyway in a fraction of a second. */
export const MIN_IMAGE_LOG_BYTES = 4 << 20;

/** Bytes of log, over those of the last image, at which the next one is due: what a killed process leaves to be done again. */
const LOG_OVER_IMAGE = 1 / 12;

/** Share of the way to the next image that the log may come while one is under way; then blocks wait for it. */
const SHARE_MEANWHILE = 1 / 4;

/** Share of the way to the next image from which a clean stop makes it. */
const LAST_SHARE = 1 / 2;

/** Images that stay even when no version needs the older one: should the newest not read, it is there. */
const LEAST_IMAGES = 2;

/** What an image keeper works with. */
export interface ImageKeeperParts {
  readonly backing: Backing;
  readonly kind: TreeKind;
  /** The images on record, by version, the oldest first; it changes with them. */
  readonly seals: Map<number, ImageSeal>;
  /** Bytes of the log at the newest image, 0 without one. */
  readonly logBytes: number;
  readonly minLogBytes?: number | undefined;
}

/** An image that is whole but not on record yet. */
interface FinishedImage {
  readonly version: number;
  readonly seal: ImageSeal;
}

/** What a batch of the store has to hold for the images, and what is to be done once it is written. */
export interface ImageStep {
  readonly changes: readonly Change[];
  /** The version before which no log is needed, or 0 while all of it is. */
  readonly base: number;
  written(): void;
}

/**
 * Makes an image whenever the log since the last one has a twelfth of its length, beside the blocks; so that what a start
 * after a kill has to replay, each change of another key, costs about as much as a start without.
 */
export class ImageKeeper {
  readonly #parts: ImageKeeperParts;
  #logBytes: number;
  #making: Promise<void> | undefined;
  #finished: FinishedImage | undefined;
  #failure: { readonly version: number; readonly cause: unknown } | undefined;

  constructor(parts: ImageKeeperParts) {
    this.#parts = parts;
    this.#logBytes = parts.logBytes;
  }

  /**
   * Begins an image of the newest version when it is time. Waits for one under way when the log has grown much
   * since it began: blocks that come without a pause must not outrun their images.
   */
  async consider(live: LiveTrees, logBytes: number): Promise<void> {
    const share = this.#logShare(logBytes);
    if (this.#making !== undefined && share > SHARE_MEANWHILE) await this.#making;
    if (share <= 1 || this.#making !== undefined || this.#finished !== undefined) return;
    this.#logBytes = logBytes;
    this.#making = this.#make(live);
  }

  /** How far the log since the last image has come to the length at which the next one is due. */
  #logShare(logBytes: number): number {
    const { seals, minLogBytes = MIN_IMAGE_LOG_BYTES } = this.#parts;
    const last = [...seals.values()].at(-1)?.bytes ?? 0;
    return (logBytes - this.#logBytes) / Math.max(minLogBytes, last * LOG_OVER_IMAGE);
  }

  /**
   * Waits for an image under way, and makes a last one for the next start when that would have much to replay, measured
   * by the image that it reads.
   */
  async finish(live: LiveTrees, logBytes: number): Promise<void> {
    await this.#making;
    const { minLogBytes = MIN_IMAGE_LOG_BYTES } = this.#parts;
    const isMuch = logBytes - this.#logBytes > minLogBytes && this.#logShare(logBytes) > LAST_SHARE;
    if (isMuch && this.#failure === undefined) await this.#make(live);
  }

  /** Makes an image of the newest version now. @throws Error when it cannot be written. */
  async makeNow(live: LiveTrees): Promise<void> {
    await this.#make(live);
    this.check();
  }

  /** @throws Error when the last image could not be written: the disk is full, or worse. */
  check(): void {
    if (this.#failure === undefined) return;
    const { version, cause } = this.#failure;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the image of version ${version} could not be written: ${reason}`, { cause });
  }

  /** What the next batch has to hold when `earliest` is the oldest version that must be readable. */
  step(earliest: number): ImageStep {
    const finished = this.#finished;
    const versions = [...this.#parts.seals.keys()];
    if (finished !== undefined) versions.push(finished.version);
    const dropped = versions.filter((_, index) => {
      const next = versions[index + 1];
      return next !== undefined && next <= earliest && index < versions.length - LEAST_IMAGES;
    });
    const changes: Change[] = dropped.map((version) => removal(version));
    if (finished !== undefined) changes.push(imageRecord(finished.version, finished.seal));
    const kept = versions.slice(dropped.length);
    const base = kept.length >= LEAST_IMAGES && kept[0]! <= earliest ? kept[0]! : 0;
    return { changes, base, written: () => this.#written(dropped, finished) };
  }

  /** An image that was finished while the batch was being written is not on record yet. */
  #written(dropped: readonly number[], recorded?: FinishedImage): void {
    const { seals, backing } = this.#parts;
    if (recorded !== undefined) {
      seals.set(recorded.version, recorded.seal);
      this.#finished = undefined;
    }
    for (const version of dropped) {
      seals.delete(version);
      backing.images.remove(version);
    }
  }

  /** The changes that take the images after a version off the record; their files go once it is written. */
  stepBack(version: number): ImageStep {
    const later = [...this.#parts.seals.keys()].filter((image) => image > version);
    if (this.#finished !== undefined) later.push(this.#finished.version);
    this.#finished = undefined;
    const changes = later.map((image) => removal(image));
    return { changes, base: 0, written: () => this.#written(later) };
  }

  /** Begins to count the log from another place. */
  rewind(logBytes: number): void {
    this.#logBytes = logBytes;
  }

  /** Waits for an image under way. */
  async settle(): Promise<void> {
    await this.#making;
  }

  async #make(live: LiveTrees): Promise<void> {
    const { backing, kind } = this.#parts;
    const { version, views } = live.pin();
    try {
      const parts = writeImage({ kind, version, views });
      this.#finished = { version, seal: await backing.images.write(version, parts) };
    } catch (cause) {
      this.#failure = { version, cause };
    } finally {
      live.unpin(version);
      this.#making = undefined;
    }
  }
}

function removal(version: number): Change {
  return { key: imageKey(version), value: undefined };
}
