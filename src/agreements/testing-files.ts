import { join } from 'node:path';
import { collectFindings } from './findings.ts';
import { readFolder } from './read/folder.ts';

/** A folder of the checkout, for tests. */
export function inCheckout(...path: string[]): string {
  const root = process.env.COMMONWAY_ROOT;
  if (root === undefined) throw new Error('run the tests by ./commonway test');
  return join(root, ...path);
}

/** The files of an agreement, to be spoiled by a test. */
export function filesOf(...path: string[]): Map<string, Uint8Array> {
  return new Map(readFolder(inCheckout(...path), collectFindings()).files);
}

/** Changes one file's text; a change that changes nothing is a mistake of the test. */
export function edit(files: Map<string, Uint8Array>, file: string, from: string, to: string): void {
  const text = Buffer.from(files.get(file) ?? '').toString('utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
  files.set(file, Buffer.from(text.replace(from, () => to)));
}
