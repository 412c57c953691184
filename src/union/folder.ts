import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSealed, type Sealed, sealedBytes } from '../crypto/index.ts';
import { describeError, Failure } from '../storage/index.ts';
import type { Charter } from './charter.ts';
import type { Manifest } from './manifest.ts';
import { type Ratification, ratificationDigest } from './ratification.ts';
import type { UnionFiles } from './trust.ts';

/**
 * Writes the union's files into a node's folder: `charters/<version>.json`, `manifests/<state>.<version>.json`,
 * `ratifications/<digest>.json`, each exactly the sealed bytes. Files that are there are replaced whole or left.
 */
export function writeUnionFolder(folder: string, files: Partial<UnionFiles>): void {
  for (const sealed of files.charters ?? []) write(join(folder, 'charters'), `${sealed.payload.version}.json`, sealed);
  for (const sealed of files.manifests ?? []) {
    write(join(folder, 'manifests'), `${sealed.payload.state}.${sealed.payload.version}.json`, sealed);
  }
  for (const sealed of files.ratifications ?? []) {
    write(join(folder, 'ratifications'), `${ratificationDigest(sealed.payload)}.json`, sealed);
  }
}

function write<P>(folder: string, name: string, sealed: Sealed<P>): void {
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `.${name}.${process.pid}`);
  writeFileSync(draft, sealedBytes(sealed));
  renameSync(draft, join(folder, name));
}

/**
 * Reads a union folder; nothing in it is verified by that (see `openTrust`).
 * @throws Failure UNION_FOLDER_FORM for a file that is not a sealed object in its exact form
 */
export function readUnionFolder(folder: string): UnionFiles {
  const charters = readAll<Charter>(join(folder, 'charters'), 'charter');
  const manifests = readAll<Manifest>(join(folder, 'manifests'), 'manifest');
  const ratifications = readAll<Ratification>(join(folder, 'ratifications'), 'ratification');
  return { charters: charters.sort((a, b) => a.payload.version - b.payload.version), manifests, ratifications };
}

function readAll<P>(folder: string, kind: string): Sealed<P>[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      try {
        return parseSealed<P>(readFileSync(file), kind);
      } catch (error) {
        throw new Failure('UNION_FOLDER_FORM', { file, reason: describeError(error) }, { cause: error });
      }
    });
}
