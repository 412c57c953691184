import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../storage/index.ts';
import type { LedgerReader } from '../context.ts';
import { parseNote, parseTreeHead } from '../proof/index.ts';
import { TILE_WIDTH } from '../tree/blocks.ts';
import { tilePath } from './paths.ts';
import { checkpoint } from './read.ts';
import { readLedgerPath } from './serve.ts';

/** The paths below a log's prefix that a tree of `size` leaves has. */
export function* pathsOf(size: number): Generator<string> {
  for (let level = 0, entries = size; entries > 0; level++, entries = Math.floor(entries / TILE_WIDTH)) {
    for (let tile = 0; tile * TILE_WIDTH < entries; tile++) {
      const width = Math.min(TILE_WIDTH, entries - tile * TILE_WIDTH);
      yield tilePath(level, tile, width);
      if (level === 0) yield tilePath('entries', tile, width);
    }
  }
}

/**
 * Writes a log to a folder as its public interface serves it (`checkpoint`, `tile/...`): a static web server over that folder is a
 * mirror of the log. The checkpoint is written last, so that a folder that has one has all its tiles.
 * @returns the size of the tree
 * @throws Failure LEDGER_UNKNOWN, LEDGER_DAMAGED where a tile is missing
 * @example await exportLedger(ctx, join(folder, 'ledger', 'kz'));
 */
export async function exportLedger(reader: LedgerReader, folder: string): Promise<{ size: number }> {
  const note = await checkpoint(reader);
  const { origin, size } = parseTreeHead(parseNote(note).text);
  for (const path of pathsOf(size)) {
    const answer = await readLedgerPath(reader, path);
    if (answer.status !== 200) throw new Failure('LEDGER_DAMAGED', { origin, size });
    await writeWhole(join(folder, path), answer.body);
  }
  await writeWhole(join(folder, 'checkpoint'), Buffer.from(note));
  return { size };
}

async function writeWhole(file: string, body: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.draft`, body);
  await rename(`${file}.draft`, file);
}
