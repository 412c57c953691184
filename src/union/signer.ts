import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type PublicKey, type Sealed, type SigningKey, seal } from '../crypto/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { type Charter, demandCharter } from './charter.ts';
import { demandManifest, type Manifest } from './manifest.ts';

/**
 * A root that signs versions and remembers each: it signs the same content of a version as often as it is asked, and another
 * content of it never. Two contents of one version, signed by enough roots, would split the union unseen.
 */
export interface VersionSigner {
  readonly public: PublicKey;
  /** @throws Failure UNION_SIGNED_OTHER_CONTENT, UNION_CHARTER_FORM */
  signCharter(charter: Charter): Sealed<Charter>;
  /** @throws Failure UNION_SIGNED_OTHER_CONTENT, UNION_MANIFEST_FORM */
  signManifest(manifest: Manifest): Sealed<Manifest>;
}

/**
 * Opens the root's signer with its memory in a folder: one small file for each version, on disk before a signature exists. The
 * folder stands beside the root key, on the machine without a network; it is all that a signer needs.
 * @example const signer = openVersionSigner('/media/root-kz/signed', root)
 */
export function openVersionSigner(folder: string, key: SigningKey): VersionSigner {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sign = <P extends Charter | Manifest>(kind: 'charter' | 'manifest', payload: P, subject: string): Sealed<P> => {
    remember(folder, kind, payload.version, `${subject}.${key.public.id}`, digestOf(payload as unknown as Json));
    return seal(kind, payload, [key]);
  };
  return {
    public: key.public,
    signCharter: (charter) => sign('charter', demandCharter(charter), charter.union),
    signManifest: (manifest) => sign('manifest', demandManifest(manifest), `${manifest.union}.${manifest.state}`),
  };
}

/** The file's exclusive creation decides between two processes that sign at once: the second reads what the first wrote. */
function remember(folder: string, kind: string, version: number, subject: string, contentDigest: string): void {
  const file = join(folder, `${kind}.${subject}.${version}`);
  try {
    const handle = openSync(file, 'wx', 0o600);
    try {
      writeSync(handle, contentDigest);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    syncFolder(folder);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    // A file that a crash left empty names no content, so nothing was signed; but it cannot be told from a tampered one: refuse.
    if (readFileSync(file, 'utf8') !== contentDigest)
      throw new Failure('UNION_SIGNED_OTHER_CONTENT', { kind, version });
  }
}

/** A new file survives a power cut only when its folder was written too. Some systems cannot open folders: there it is their matter. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } catch {
    // As above.
  } finally {
    closeSync(handle);
  }
}

/**
 * Joins the signatures that several roots made over one content into one sealed version.
 * @throws Failure UNION_CHARTER_TWO_CONTENTS where the contents differ, UNION_CHARTER_MISSING for none
 */
export function assembleCharter(parts: Sealed<Charter>[]): Sealed<Charter> {
  const [first] = parts;
  if (!first) throw new Failure('UNION_CHARTER_MISSING');
  const content = digestOf(first.payload as unknown as Json);
  const signatures = new Map<string, string>();
  for (const part of parts) {
    if (digestOf(part.payload as unknown as Json) !== content) {
      throw new Failure('UNION_CHARTER_TWO_CONTENTS', { version: first.payload.version });
    }
    for (const { key, value } of part.signatures) signatures.set(key, value);
  }
  const sorted = [...signatures].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value }));
  return { kind: 'charter', payload: first.payload, signatures: sorted };
}
