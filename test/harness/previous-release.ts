import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './union.ts';

/** The release before this one: states change over one after the other, so both work side by side. A release names it anew. */
const PREVIOUS = '494ce9fdea97e2249e1e6e1d737630af8f161886';

/** Why its sources cannot be had here; undefined where they can. */
export function previousMissing(): string | undefined {
  const { status } = spawnSync('git', ['cat-file', '-e', `${PREVIOUS}^{commit}`], { cwd: root, stdio: 'ignore' });
  return status === 0 ? undefined : 'this clone does not have the commit of the release before';
}

/** Lays the release before this one into a folder and builds it there. Its packages are this one's where both pin the same. */
export async function buildPrevious(folder: string): Promise<{ root: string; program: string }> {
  const place = join(folder, 'previous');
  mkdirSync(place, { recursive: true });
  const archive = execFileSync('git', ['archive', PREVIOUS], { cwd: root, maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '-C', place], { input: archive });
  const lockOf = (at: string) =>
    execFileSync('git', ['hash-object', join(at, 'package-lock.json')], { encoding: 'utf8' });
  if (lockOf(place) === lockOf(root)) symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  else execFileSync(join(place, 'commonway'), ['--help'], { stdio: 'ignore' });
  const { build } = (await import(join(place, 'scripts', 'build.mjs'))) as {
    build(root: string, kind: string): Promise<string>;
  };
  return { root: place, program: await build(place, 'main') };
}
