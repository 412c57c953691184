import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();
const WASM = join(root, 'node_modules', 'zxing-wasm', 'dist', 'reader', 'zxing_reader.wasm');

/** A picture of pixels, four bytes each. */
type Picture = Pick<ImageData, 'data' | 'width' | 'height'>;

/**
 * Reads the QR codes in a picture as a telephone would, with a reader that shares no code with what drew them.
 * @param picture a PNG file, or pixels; a code needs its white margin
 */
export async function readCodes(picture: Buffer | Picture): Promise<string[]> {
  // Given by hand: left alone, the package fetches it from a host of its own.
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(WASM)).buffer } });
  const found = await readBarcodes(picture as ImageData | Uint8Array, { formats: ['QRCode'], tryHarder: true });
  return found.map(({ text }) => text);
}

const SCALE = 4;
const A4 = { width: 595, height: 842 };

/** The filled paths of a PDF's pages as black on white, four points to one of its own: all of it but letters and colours. */
export function drawPaths(pdf: Buffer): Picture {
  const [width, height] = [A4.width * SCALE, A4.height * SCALE];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  const fill = ([x0, y0]: Point, [x1, y1]: Point) => {
    const [left, right] = [x0, x1].map((x) => Math.round(x * SCALE)).sort((a, b) => a - b) as Point;
    // A page of a PDF begins at its foot.
    const [top, foot] = [y0, y1].map((y) => Math.round((A4.height - y) * SCALE)).sort((a, b) => a - b) as Point;
    for (let row = Math.max(top, 0); row < Math.min(foot, height); row++) {
      for (let column = Math.max(left, 0); column < Math.min(right, width); column++) {
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
      }
    }
  };
  for (const stream of streamsOf(pdf)) drawStream(stream, fill);
  return { data, width, height };
}

type Point = [number, number];
type Matrix = [number, number, number, number, number, number];

/** Fills what a content stream fills (ISO 32000-1, section 8.5); every piece of a path is taken for an upright rectangle. */
function drawStream(stream: string, fill: (from: Point, to: Point) => void): void {
  let now: Matrix = [1, 0, 0, 1, 0, 0];
  const kept: Matrix[] = [];
  let path: Point[][] = [];
  let numbers: number[] = [];
  for (const word of stream.split(/\s+/)) {
    if (/^[-+]?[\d.]+$/.test(word)) {
      numbers.push(Number(word));
      continue;
    }
    const [a = 0, b = 0] = numbers;
    if (word === 'q') kept.push(now);
    if (word === 'Q') now = kept.pop() ?? now;
    if (word === 'cm' && numbers.length === 6) now = within(numbers as Matrix, now);
    if (word === 'm') path.push([placed([a, b], now)]);
    if (word === 'l') path.at(-1)?.push(placed([a, b], now));
    if (/^(f\*?|F|n|S|B\*?)$/.test(word)) {
      if (word.startsWith('f')) {
        for (const piece of path) {
          const [xs, ys] = [piece.map(([x]) => x), piece.map(([, y]) => y)];
          fill([Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]);
        }
      }
      path = [];
    }
    numbers = [];
  }
}

const within = ([a, b, c, d, e, f]: Matrix, [A, B, C, D, E, F]: Matrix): Matrix => [
  a * A + b * C,
  a * B + b * D,
  c * A + d * C,
  c * B + d * D,
  e * A + f * C + E,
  e * B + f * D + F,
];

const placed = ([x, y]: Point, [a, b, c, d, e, f]: Matrix): Point => [x * a + y * c + e, x * b + y * d + f];

function streamsOf(pdf: Buffer): string[] {
  return [...pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, body = '']) => {
    try {
      return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
}
