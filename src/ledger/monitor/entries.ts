import type { ReadPath } from '../log/audit.ts';
import { tilePath } from '../log/paths.ts';
import { TILE_WIDTH } from '../tree/blocks.ts';
import { ENTRY } from '../tree/hash.ts';

/** The data of the leaves of one bundle, in order; undefined where it is of another form. Ours have 32 bytes each. */
export function entriesOf(bundle: Buffer): Buffer[] | undefined {
  const step = ENTRY + 2;
  if (bundle.length % step !== 0) return undefined;
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length; at += step) {
    if (bundle.readUInt16BE(at) !== ENTRY) return undefined;
    entries.push(bundle.subarray(at + 2, at + step));
  }
  return entries;
}

/** The leaves [from, to) as a log serves them, from the beginning of the tile of `from`; undefined where one is missing. */
export async function readEntries(read: ReadPath, from: number, to: number): Promise<Buffer[] | undefined> {
  const entries: Buffer[] = [];
  for (let tile = Math.floor(from / TILE_WIDTH); tile * TILE_WIDTH < to; tile++) {
    const width = Math.min(TILE_WIDTH, to - tile * TILE_WIDTH);
    const bundle = await read(tilePath('entries', tile, width));
    const taken = bundle && entriesOf(bundle);
    if (taken?.length !== width) return undefined;
    entries.push(...taken);
  }
  return entries;
}
