import { TILE_WIDTH } from '../tree/blocks.ts';

/** What a path of the tile interface (c2sp.org/tlog-tiles) asks for; `width` 256 is a full tile. */
export type LedgerPath =
  | { what: 'checkpoint' }
  | { what: 'tile'; level: number; tile: number; width: number }
  | { what: 'entries'; tile: number; width: number };

/** @example tilePath(1234067) // 'x001/x234/067' */
export function tileNumber(tile: number): string {
  const groups = [String(tile % 1000).padStart(3, '0')];
  for (let left = Math.floor(tile / 1000); left > 0; left = Math.floor(left / 1000)) {
    groups.unshift(`x${String(left % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

/** The path of a tile or bundle below the log's prefix. */
export function tilePath(level: number | 'entries', tile: number, width = TILE_WIDTH): string {
  return `tile/${level}/${tileNumber(tile)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(\d|[1-5]\d|6[0-3]|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Reads a path below the log's prefix, without a leading slash. Only the one canonical form of each is known. */
export function parseLedgerPath(path: string): LedgerPath | undefined {
  if (path === 'checkpoint') return { what: 'checkpoint' };
  const [whole, level, number, partial] = PATH.exec(path) ?? [];
  if (whole === undefined || level === undefined || number === undefined) return undefined;
  const tile = Number(number.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const wanted = level === 'entries' ? level : Number(level);
  if (!Number.isSafeInteger(tile) || width > TILE_WIDTH || tilePath(wanted, tile, width) !== path) return undefined;
  return wanted === 'entries' ? { what: 'entries', tile, width } : { what: 'tile', level: wanted, tile, width };
}
