/** What a camera sees that is held over QR codes: tilted, in uneven light and with noise. */
import { encodeQR } from 'qr';

const WIDTH = 1_280;
const HEIGHT = 960;
/** Of the picture's height, that a code takes. */
const SHARE = 0.86;
const TILT = 0.1;
const FRAMES_EACH = 4;

/** A film in YUV4MPEG2 that shows the codes of these texts one after the other. */
export function filmOf(texts: readonly string[]): Uint8Array {
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F8:1 Ip A1:1 C420jpeg\n`)];
  for (const text of texts) {
    const frame = [Buffer.from('FRAME\n'), frameOf(text), colour];
    for (let shown = 0; shown < FRAMES_EACH; shown++) parts.push(...frame);
  }
  return Buffer.concat(parts);
}

/** The brightness of each point. */
function frameOf(text: string): Buffer {
  const rows = encodeQR(text, 'raw', { border: 4, ecc: 'low' });
  const scale = rows.length / (HEIGHT * SHARE);
  const [across, down] = [Math.cos(TILT) * scale, Math.sin(TILT) * scale];
  const frame = Buffer.alloc(WIDTH * HEIGHT);
  let noise = 1;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [right, below] = [x - WIDTH / 2, y - HEIGHT / 2];
      const column = Math.floor(rows.length / 2 + right * across + below * down);
      const row = Math.floor(rows.length / 2 - right * down + below * across);
      noise = (noise * 1_103_515_245 + 12_345) % 2_147_483_648;
      const isDark = rows[row]?.[column] ?? (row + column) % 9 === 0;
      const light = 150 + (70 * x) / WIDTH;
      frame[y * WIDTH + x] = (isDark ? light * 0.25 : light) + ((noise >> 16) % 16);
    }
  }
  return frame;
}
