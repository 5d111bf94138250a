/** Reading a device's id with the camera, where the browser can read codes by itself. */

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

const GIVE_UP_MS = 60_000;

function detectorClass(): DetectorClass | undefined {
  return (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
}

/** Whether this browser has both a camera and a reader of codes. */
export function canScan(): boolean {
  return detectorClass() !== undefined && navigator.mediaDevices?.getUserMedia !== undefined;
}

/** The device id in a text, as it is or within a link to this page; undefined when there is none. */
export function deviceIdIn(text: string): string | undefined {
  return /(?:^|[#&?]device=)([0-9a-fA-F]{40})(?:$|&)/.exec(text.trim())?.[1]?.toLowerCase();
}

/** The first device id that the camera sees. @throws Error when it may not be used, or sees none within a minute. */
export async function scanDevice(video: HTMLVideoElement): Promise<string> {
  const Reader = detectorClass();
  if (Reader === undefined) throw new Error('this browser cannot read codes');
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment' },
  });
  try {
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    return await watch(video, new Reader({ formats: ['qr_code'] }));
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = true;
  }
}

async function watch(video: HTMLVideoElement, reader: Detector): Promise<string> {
  const end = performance.now() + GIVE_UP_MS;
  while (performance.now() < end) {
    for (const { rawValue } of await reader.detect(video)) {
      const id = deviceIdIn(rawValue);
      if (id !== undefined) return id;
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  throw new Error('no code with a device id was seen');
}
