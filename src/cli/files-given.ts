import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseSealed, type Sealed, type SigningKey } from '../crypto/index.ts';
import { describeError, Failure } from '../storage/index.ts';
import { type Charter, type Manifest, readKeyFile, type UnionFiles } from '../union/index.ts';

/** The bytes of a file that was named. @throws Failure CLI_FILE_MISSING */
export function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure('CLI_FILE_MISSING', { file, reason: (error as { code?: string }).code ?? describeError(error) });
  }
}

const KEY = '.key.json';

/** A root's key file, and the folder beside it that remembers what it has signed. @throws Failure CLI_FILE_MISSING, UNION_KEYS_FORM */
export function rootOf(file: string): { root: SigningKey; memory: string } {
  if (!file.endsWith(KEY)) throw new Failure('UNION_KEYS_FORM', { file, reason: `its name does not end in ${KEY}` });
  bytesOf(file);
  return { root: readKeyFile(dirname(file), basename(file, KEY)), memory: join(dirname(file), 'signed') };
}

/**
 * Charters and manifests in files, told apart by what they say they are; whether they hold is for whoever takes them.
 * @throws Failure CLI_FILE_MISSING, CLI_FILE_KIND, CRYPTO_SEALED_FORM
 */
export function unionFilesOf(files: readonly string[]): Pick<UnionFiles, 'charters' | 'manifests'> {
  const charters: Sealed<Charter>[] = [];
  const manifests: Sealed<Manifest>[] = [];
  for (const file of files) {
    const bytes = bytesOf(file);
    const kind = kindIn(bytes);
    if (kind === 'charter') charters.push(parseSealed<Charter>(bytes, kind));
    else if (kind === 'manifest') manifests.push(parseSealed<Manifest>(bytes, kind));
    else throw new Failure('CLI_FILE_KIND', { file });
  }
  charters.sort((a, b) => a.payload.version - b.payload.version);
  return { charters, manifests };
}

function kindIn(bytes: Buffer): unknown {
  try {
    return (JSON.parse(bytes.toString('utf8')) as { kind?: unknown }).kind;
  } catch {
    return undefined;
  }
}
