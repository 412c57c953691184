import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, type Instant } from '../../storage/index.ts';

/** `union.json`: what a folder with a union on one machine says about itself. */
export interface UnionFile {
  commonway: 'union';
  format: 1;
  name: string;
  /** `founding` until every file stands; such a folder is begun anew. */
  stage: 'founding' | 'founded';
  created: Instant;
  clockOffsetMs: number;
  states: StatePorts[];
  /** Of the example service behind the doors. */
  example?: number;
}

export interface StatePorts {
  state: string;
  portal: number;
  exchange: number;
  /** For information systems; unions founded before doors have none. */
  door?: number;
}

/** Where things are in a union's folder. */
export const places = (folder: string) => ({
  union: join(folder, 'union.json'),
  running: join(folder, 'running.json'),
  /** Its own agreements, registers and seeds, where it was founded with more than the checkout has. */
  content: join(folder, 'content'),
  postgres: join(folder, 'postgres'),
  roots: join(folder, 'roots'),
  passwords: join(folder, 'passwords.json'),
  approvers: join(folder, 'approvers'),
  state: (state: string) => join(folder, 'states', state),
  keys: (state: string) => join(folder, 'states', state, 'keys'),
  /** The server of a state that was restored alone; the others share the union's. */
  ownPostgres: (state: string) => join(folder, 'states', state, 'postgres'),
  trust: (state: string) => join(folder, 'states', state, 'trust'),
  config: (state: string) => join(folder, 'states', state, 'node.json'),
  log: (state: string) => join(folder, 'states', state, 'node.log'),
});

const FORMAT = 1;
const FOUNDING_NEEDS_MB = 300;
const RUNNING_NEEDS_MB = 50;

/**
 * The union in a folder; undefined where the folder is missing, empty, or a founding that never ended.
 * @throws Failure CLI_FOREIGN_FOLDER, CLI_OTHER_FORMAT, CLI_OTHER_OWNER
 */
export function findUnionFile(folder: string): UnionFile | undefined {
  if (!existsSync(folder)) return undefined;
  const owner = statSync(folder).uid;
  const user = process.getuid?.() ?? owner;
  if (owner !== user) throw new Failure('CLI_OTHER_OWNER', { folder, owner, user });
  const path = places(folder).union;
  if (!existsSync(path)) {
    // A lock may stand there already: of another `up` that is just beginning.
    if (readdirSync(folder).every((name) => name.startsWith('running.json'))) return undefined;
    throw new Failure('CLI_FOREIGN_FOLDER', { folder });
  }
  let file: Partial<UnionFile>;
  try {
    file = JSON.parse(readFileSync(path, 'utf8')) as Partial<UnionFile>;
  } catch {
    throw new Failure('CLI_FOREIGN_FOLDER', { folder });
  }
  if (file.commonway !== 'union') throw new Failure('CLI_FOREIGN_FOLDER', { folder });
  if (file.format !== FORMAT) {
    throw new Failure('CLI_OTHER_FORMAT', { folder, found: String(file.format), wanted: FORMAT });
  }
  return file.stage === 'founded' ? (file as UnionFile) : undefined;
}

/** @throws Failure CLI_NO_UNION, and as `findUnionFile` */
export function getUnionFile(folder: string): UnionFile {
  const file = findUnionFile(folder);
  if (file === undefined) throw new Failure('CLI_NO_UNION', { folder });
  return file;
}

export function writeUnionFile(folder: string, file: UnionFile): void {
  writeWhole(places(folder).union, `${JSON.stringify(file, null, 2)}\n`);
}

/** Writes a file so that a reader sees the old text or the new, never a part. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}

/**
 * Makes the folder where it is missing, and looks whether the disk has room before anything is half done.
 * @throws Failure CLI_DISK_FULL, CLI_FOLDER_UNWRITABLE
 */
export function prepareFolder(folder: string, founding: boolean): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (code !== 'ENOSPC') throw new Failure('CLI_FOLDER_UNWRITABLE', { folder, reason: code }, { cause: error });
  }
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : dirname(folder));
  const free = Math.floor((bavail * bsize) / 1e6);
  const needed = founding ? FOUNDING_NEEDS_MB : RUNNING_NEEDS_MB;
  if (free < needed) throw new Failure('CLI_DISK_FULL', { folder, needed, free });
}

/** Deletes all of a union but the lock that its deleter holds. */
export function emptyFolder(folder: string): void {
  const keep = places(folder).running;
  for (const name of readdirSync(folder)) {
    if (join(folder, name) !== keep) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
