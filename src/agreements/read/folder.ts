import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';

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
];
const PLACES = [
  /^agreement\.yaml$/,
  /^(services|evidence|forms|rules|documents|scenarios|mocks)\/[a-z][a-z0-9-]{0,60}\.yaml$/,
  /^annexes\/[a-z]{2}\/annex\.yaml$/,
  /^texts\/[a-z]{2}\.yaml$/,
];

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

  const visit = (path: string): boolean => {
    const full = join(folder, path);
    let entries: string[];
    try {
      entries = readdirSync(full).sort();
    } catch {
      findings.add('AGREEMENT_FOLDER_UNREADABLE', { path: path || '.' }, { file: path || '.', line: 1, column: 1 });
      return path !== '';
    }
    return entries.every((name) => take(path === '' ? name : `${path}/${name}`));
  };

  const take = (path: string): boolean => {
    const at = { file: path, line: 1, column: 1 };
    const stat = lstatSync(join(folder, path));
    const isFolder = FOLDERS.includes(path) || /^annexes\/[a-z]{2}$/.test(path);
    if (stat.isSymbolicLink() || !(stat.isFile() || stat.isDirectory())) {
      findings.add('AGREEMENT_FILE_KIND', { path }, at);
      refused.push(path);
    } else if (stat.isDirectory() && isFolder) {
      return visit(path);
    } else if (stat.isDirectory() || !PLACES.some((place) => place.test(path))) {
      findings.add('AGREEMENT_FILE_UNKNOWN', { path }, at);
    } else if (stat.size > LIMITS.file) {
      findings.add('AGREEMENT_FILE_TOO_LARGE', { path, limit: LIMITS.file }, at);
      refused.push(path);
    } else {
      bytes += stat.size;
      if (files.size >= LIMITS.files || bytes > LIMITS.folder) {
        findings.add('AGREEMENT_TOO_MANY_FILES', { limit: LIMITS.files, bytes: LIMITS.folder }, at);
        return false;
      }
      files.set(path, readFileSync(join(folder, path)));
    }
    return true;
  };

  const whole = visit('');
  return { files, refused, whole };
}
