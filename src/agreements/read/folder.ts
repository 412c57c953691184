import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Code, Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { Position } from '../types.ts';

/** Path inside the agreement, with forward slashes -> bytes. */
export type AgreementFiles = ReadonlyMap<string, Uint8Array>;

/** The folders of an agreement. */
export const FOLDERS = [
  'services',
  'evidence',
  'forms',
  'rules',
  'documents',
  'annexes',
  'texts',
  'scenarios',
  'mocks',
  'migrations',
];
const PLACES = [
  /^agreement\.yaml$/,
  /^(services|evidence|forms|rules|documents|scenarios|mocks|migrations)\/[a-z][a-z0-9-]{0,60}\.yaml$/,
  /^annexes\/[a-z]{2}\/annex\.yaml$/,
  /^texts\/([a-z]{2}|approvals)\.yaml$/,
];

/** Whether a path is one that a file of an agreement can have. */
export const hasPlace = (path: string): boolean => PLACES.some((place) => place.test(path));

/** What a folder holds. */
export interface Folder {
  files: AgreementFiles;
  /** Files that have a place and were not read: what refers to them is not reported as well. */
  refused: readonly string[];
  /** False where reading ended early: then nothing else can be said of the agreement. */
  whole: boolean;
}

/**
 * Reads the files of an agreement, and only what has a place in one: links and devices are refused, never followed, so a folder from
 * a stranger reaches nothing outside itself.
 * Findings: AGREEMENT_FOLDER_UNREADABLE, AGREEMENT_FILE_UNKNOWN, AGREEMENT_FILE_KIND, AGREEMENT_FILE_TOO_LARGE,
 * AGREEMENT_TOO_MANY_FILES.
 */
export function readFolder(folder: string, findings: Findings): Folder {
  const files = new Map<string, Uint8Array>();
  const refused: string[] = [];
  let bytes = 0;
  let strangers = 0;

  const visit = (path: string): boolean => {
    const names = namesIn(join(folder, path));
    if (names === undefined) {
      findings.add('AGREEMENT_FOLDER_UNREADABLE', { path: path || '.' }, { file: path || '.', line: 1, column: 1 });
      return path !== '';
    }
    return names.every((name) => take(path === '' ? name : `${path}/${name}`));
  };

  const take = (path: string): boolean => {
    const at = { file: path, line: 1, column: 1 };
    const refuse = (code: Code, params: Record<string, string | number>): true => {
      findings.add(code, params, at);
      refused.push(path);
      return true;
    };
    const isFolder = FOLDERS.includes(path) || /^annexes\/[a-z]{2}$/.test(path);
    const kind = kindOf(join(folder, path));
    if (kind === 'other') return refuse('AGREEMENT_FILE_KIND', { path });
    if (kind === 'folder' && isFolder) return visit(path);
    if (kind === 'folder' || !hasPlace(path)) {
      findings.add('AGREEMENT_FILE_UNKNOWN', { path }, at);
      return ++strangers <= LIMITS.files || tooMany(at);
    }
    const read = readAtMost(join(folder, path), LIMITS.file);
    if (read === 'other') return refuse('AGREEMENT_FILE_KIND', { path });
    if (read === 'large') return refuse('AGREEMENT_FILE_TOO_LARGE', { path, limit: LIMITS.file });
    bytes += read.length;
    if (files.size >= LIMITS.files || bytes > LIMITS.folder) return tooMany(at);
    files.set(path, read);
    return true;
  };

  const tooMany = (at: Position): false => {
    findings.add('AGREEMENT_TOO_MANY_FILES', { limit: LIMITS.files, bytes: LIMITS.folder }, at);
    return false;
  };

  const whole = visit('');
  return { files, refused, whole };
}

/** The names in a folder, sorted; no more than are looked at, so that a folder of millions costs no memory. */
function namesIn(path: string): string[] | undefined {
  const names: string[] = [];
  try {
    const folder = opendirSync(path);
    try {
      while (names.length <= 2 * LIMITS.files) {
        const entry = folder.readSync();
        if (entry === null) break;
        names.push(entry.name);
      }
    } finally {
      folder.closeSync();
    }
  } catch {
    return undefined;
  }
  return names.sort();
}

function kindOf(path: string): 'file' | 'folder' | 'other' {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return 'file';
  return stat?.isDirectory() === true ? 'folder' : 'other';
}

/**
 * The bytes of a plain file, through one descriptor: what was looked at is what is read, also when somebody puts a link or a larger file
 * in its place meanwhile.
 */
function readAtMost(path: string, limit: number): Uint8Array | 'large' | 'other' {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return 'other';
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'other';
    if (stat.size > limit) return 'large';
    // One byte more than may be: a file that grows is seen.
    const bytes = Buffer.alloc(limit + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limit; length += read)
      read = readSync(file, bytes, length, limit + 1 - length, null);
    return length > limit ? 'large' : new Uint8Array(bytes.subarray(0, length));
  } finally {
    closeSync(file);
  }
}
