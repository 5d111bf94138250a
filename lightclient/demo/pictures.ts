/** Pixels of pictures and of what a camera sees. */

/** Larger pictures are made smaller: a code that fills a third of one keeps four pixels a module. */
const MAX_SIDE = 2_400;
const GIVE_UP_MS = 60_000;

/** The pixels of a picture in a file; undefined when the browser reads no picture in it. */
export async function pixelsOfFile(file: Blob): Promise<ImageData | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (picture === undefined) return undefined;
  try {
    return pixelsOf(picture, picture);
  } finally {
    picture.close();
  }
}

/** A camera that is on. */
export interface WatchOptions {
  readonly video: HTMLVideoElement;
  /** Turns it off. */
  readonly signal: AbortSignal;
  /** Told of every picture; true ends it. */
  readonly see: (pixels: ImageData) => boolean;
}

/**
 * Shows what the camera sees, until `see` says that it was enough, the signal comes or a minute is over; tells which.
 * @throws DOMException when there is no camera, or it may not be used.
 */
export async function watchCamera(options: WatchOptions): Promise<'seen' | 'stopped' | 'late'> {
  const { video, signal } = options;
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1_920 }, height: { ideal: 1_080 } },
  });
  try {
    video.srcObject = stream;
    video.hidden = false;
    if (!signal.aborted) await video.play();
    return await watch(options);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = true;
  }
}

async function watch({ video, signal, see }: WatchOptions): Promise<'seen' | 'stopped' | 'late'> {
  const end = performance.now() + GIVE_UP_MS;
  let last = -1;
  while (!signal.aborted) {
    if (performance.now() > end) return 'late';
    if (video.currentTime !== last && video.videoWidth > 0) {
      last = video.currentTime;
      if (see(pixelsOf(video, { width: video.videoWidth, height: video.videoHeight }))) {
        return 'seen';
      }
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return 'stopped';
}

let canvas: HTMLCanvasElement | undefined;

function pixelsOf(
  source: CanvasImageSource,
  size: { readonly width: number; readonly height: number },
): ImageData {
  const scale = Math.min(1, MAX_SIDE / Math.max(size.width, size.height));
  const [width, height] = [size.width, size.height].map((side) => Math.ceil(side * scale));
  canvas ??= document.createElement('canvas');
  canvas.width = width!;
  canvas.height = height!;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser draws no pictures');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width!, height!);
  context.drawImage(source, 0, 0, width!, height!);
  return context.getImageData(0, 0, width!, height!);
}
