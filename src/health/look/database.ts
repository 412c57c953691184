import { statfs } from 'node:fs/promises';
import { databaseBytes, migrationState } from '../../storage/index.ts';
import type { HealthContext } from '../context.ts';
import { type Finding, type Look, single } from '../finding.ts';

const GIB = 2 ** 30;
/** Less free than either: soon nothing new is taken (`WEB_NO_SPACE`). */
const LOW = { share: 0.1, bytes: 5 * GIB };
const OUT = { share: 0.03, bytes: GIB };

/**
 * The database, the disk and the migrations. PostgreSQL does not tell how much room its disk has: what is looked at is the disk of the
 * node's folder, which holds the embedded server too; of a database elsewhere the size is all that can be seen from here.
 */
export async function lookAtDatabase({ db, health }: HealthContext): Promise<Look> {
  const findings: Finding[] = [];
  const observations = [single('database_bytes', 'Size of the database.', await databaseBytes(db))];
  if (health?.folder !== undefined) {
    const { bavail, blocks, bsize } = await statfs(health.folder);
    const [free, share] = [bavail * bsize, blocks === 0 ? 1 : bavail / blocks];
    observations.push(single('disk_free_bytes', "Free space on the disk of the node's folder.", free));
    const below = ({ share: least, bytes }: typeof LOW) => share < least && free < bytes * 10;
    const severity = below(OUT) || free < OUT.bytes ? 'fail' : below(LOW) || free < LOW.bytes ? 'warn' : undefined;
    const params = { free: Math.floor((free / GIB) * 10) / 10, percent: Math.floor(share * 100) };
    if (severity !== undefined) findings.push({ code: 'diskLow', severity, params });
  }
  if (health?.migrations !== undefined) {
    const { missing, newer } = await migrationState(db, health.migrations);
    if (missing.length > 0)
      findings.push({
        code: 'migrationsMissing',
        severity: 'fail',
        params: { count: missing.length, first: missing[0] ?? '' },
      });
    if (newer.length > 0)
      findings.push({
        code: 'migrationsNewer',
        severity: 'warn',
        params: { count: newer.length, first: newer[0] ?? '' },
      });
  }
  return { findings, observations };
}
