import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import { type Anchor, anchorOf, type Charter } from './charter.ts';
import { demandShape, digest, exactly, unionName, version } from './shapes.ts';

const anchorShape = exactly({ union: unionName, version, digest });

/**
 * Pins a charter version: from now on files of this union are judged by it on this machine. One file for each version, so that a
 * file sealed under an earlier version still finds its anchor.
 * @returns the path of the anchor file
 * @example pinAnchor(join(home, 'anchors'), trust.charter)
 */
export function pinAnchor(folder: string, charter: Charter): string {
  const anchor = anchorOf(charter);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${anchor.union}-${anchor.version}-${anchor.digest.slice(0, 12)}.anchor.json`);
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${canonicalJson({ ...anchor })}\n`);
  renameSync(draft, path);
  return path;
}

/**
 * The anchors in a file or a folder of anchor files; none where the folder does not exist.
 * @throws Failure UNION_ANCHOR_FORM for a file that is no anchor, or is missing
 */
export function readAnchors(path: string): Anchor[] {
  if (!existsSync(path)) {
    if (path.endsWith('.json')) throw new Failure('UNION_ANCHOR_FORM', { file: path });
    return [];
  }
  if (!statSync(path).isDirectory()) return [readAnchor(path)];
  return readdirSync(path)
    .filter((name) => name.endsWith('.anchor.json'))
    .sort()
    .map((name) => readAnchor(join(path, name)));
}

function readAnchor(path: string): Anchor {
  try {
    return demandShape(anchorShape, JSON.parse(readFileSync(path, 'utf8')), 'UNION_ANCHOR_FORM', { file: path });
  } catch (error) {
    throw new Failure('UNION_ANCHOR_FORM', { file: path }, { cause: error });
  }
}
