import type { Queryable } from '../../storage/index.ts';
import { parseLedgerPath } from '../log/paths.ts';
import { asBundle, type LedgerAnswer, missing, TEXT } from '../log/serve.ts';
import { tileName } from '../tree/bodies.ts';
import { ENTRY } from '../tree/hash.ts';
import { findMirror, mirrorTiles } from './mirror.ts';

/**
 * What this node holds of another log, for the node that the log is of: after a restore from an old backup it regains its leaves from here.
 * The paths are those of a log (`checkpoint` of what is mirrored, `tile/entries/...`), and `witnessed`, the checkpoint that was cosigned
 * here last, which may be of more leaves than were mirrored.
 * @param origin of the asker's own log: nobody is given the log of another
 */
export async function readMirrorPath(db: Queryable, origin: string, path: string): Promise<LedgerAnswer> {
  if (path === 'witnessed') {
    const [row] = await db.query<{ note: string }>('select note from ledger_witness where origin = $1', [origin]);
    return text(row?.note ?? '');
  }
  const wanted = parseLedgerPath(path);
  const mirror = wanted && (await findMirror(db, origin));
  if (!mirror || mirror.note === '') return missing();
  if (wanted.what === 'checkpoint') return text(mirror.note);
  if (wanted.what !== 'entries') return missing();
  const body = (await mirrorTiles(db, mirror.mirror, [[0, wanted.tile]])).get(tileName(0, wanted.tile));
  if (!body || body.length < wanted.width * ENTRY) return missing();
  return {
    status: 200,
    body: asBundle(body.subarray(0, wanted.width * ENTRY)),
    type: 'application/octet-stream',
    cache: 'no-store',
  };
}

const text = (words: string): LedgerAnswer => ({
  status: 200,
  body: Buffer.from(words),
  type: TEXT,
  cache: 'no-store',
});
