import type { Clock, Db, JobHandler } from '../storage/index.ts';
import type { FileKind } from './recognise.ts';
import { type Scanner, simpleScanner, type Verdict } from './scanner.ts';
import { SCANS } from './stored.ts';

/** What the scanning of files works with. */
export interface FilesContext {
  db: Db;
  clock: Clock;
  /** The node's own scanner; the simple one without it. */
  scanner?: Scanner;
}

interface Place {
  owner: string;
  digest: string;
}

/** Scans what was uploaded. A scanner that fails is asked again, without end: until it has spoken nobody opens the file. */
export function scanJob(ctx: FilesContext): JobHandler {
  const { db, clock, scanner = simpleScanner } = ctx;
  return {
    queue: SCANS,
    maxAttempts: Number.POSITIVE_INFINITY,
    async run(jobs) {
      const judged: (Place & { verdict: Verdict })[] = [];
      for (const job of jobs) {
        const place = job.payload as unknown as Place;
        const [row] = await db.query<{ kind: FileKind; bytes: Buffer }>(
          'select kind, bytes from stored_file where owner = $1 and digest = $2',
          [place.owner, place.digest],
        );
        // Thrown away meanwhile: nothing is left to judge.
        if (row !== undefined) judged.push({ ...place, verdict: await scanner(row) });
      }
      return async (tx) => {
        for (const { owner, digest, verdict } of judged) {
          await tx.query(
            `update stored_file set status = $3, reason = $4, judged_at = $5
             where owner = $1 and digest = $2 and status = 'quarantined'`,
            [
              owner,
              digest,
              verdict.clean ? 'clean' : 'refused',
              verdict.clean ? null : verdict.reason.slice(0, 60),
              clock.now(),
            ],
          );
        }
      };
    },
  };
}
