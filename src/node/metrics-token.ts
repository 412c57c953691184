import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes, toBase64Url } from '../crypto/index.ts';

/**
 * The word that whoever collects metrics shows: the file `metrics-token` in the node's own folder, readable by its operator alone. Made
 * where there is none; all processes of a node have the same.
 */
export function metricsToken(folder: string): string {
  const file = join(folder, 'metrics-token');
  try {
    writeFileSync(file, `${toBase64Url(randomBytes(32))}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
