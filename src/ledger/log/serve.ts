import type { LedgerReader } from '../context.ts';
import { ENTRY, leafHashes } from '../tree/hash.ts';
import { findTile } from '../tree/stored-tiles.ts';
import { findLog } from './log-row.ts';
import { type LedgerPath, parseLedgerPath } from './paths.ts';
import { checkpoint } from './read.ts';

/** An answer to an HTTP GET, for any server: `type` is the Content-Type, `cache` the Cache-Control. */
export interface LedgerAnswer {
  status: 200 | 404;
  body: Buffer;
  type: string;
  cache: string;
}

export const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const FOR_EVER = 'public, max-age=31536000, immutable';
const SHORTLY = 'public, max-age=1';

/**
 * What anybody may read of the log (c2sp.org/tlog-tiles): `checkpoint`, `tile/<level>/<number>[.p/<width>]` and
 * `tile/entries/<number>[.p/<width>]`, where an entry is the 32 bytes of a leaf's data.
 * @param path below the log's prefix, with or without a leading slash
 * @example const { status, body, type, cache } = await readLedgerPath(ctx, 'tile/0/000.p/12');
 */
export async function readLedgerPath(reader: LedgerReader, path: string): Promise<LedgerAnswer> {
  const wanted = parseLedgerPath(path.replace(/^\//, ''));
  const log = wanted && (await findLog(reader));
  if (!wanted || !log) return missing();
  if (wanted.what === 'checkpoint') {
    return { status: 200, body: Buffer.from(await checkpoint(reader)), type: TEXT, cache: SHORTLY };
  }
  const body = await readTile(reader, log.log, wanted);
  return body ? { status: 200, body, type: BYTES, cache: FOR_EVER } : missing();
}

/** A part of a tile never changes once it is there, so a partial one is served for good as a prefix of what it became. */
async function readTile(
  reader: LedgerReader,
  log: number,
  wanted: Exclude<LedgerPath, { what: 'checkpoint' }>,
): Promise<Buffer | undefined> {
  const level = wanted.what === 'entries' ? 0 : wanted.level;
  const stored = await findTile(reader.db, log, level, wanted.tile);
  if (!stored || stored.length < wanted.width * ENTRY) return undefined;
  const body = stored.subarray(0, wanted.width * ENTRY);
  if (wanted.what === 'entries') return asBundle(body);
  return level === 0 ? leafHashes(body) : body;
}

/** Each entry with its length in two bytes before it. */
export function asBundle(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += ENTRY) parts.push(LENGTH, body.subarray(at, at + ENTRY));
  return Buffer.concat(parts);
}

const LENGTH = Buffer.from([0, ENTRY]);

export function missing(): LedgerAnswer {
  return { status: 404, body: Buffer.from('not found\n'), type: TEXT, cache: SHORTLY };
}
