import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The static checks, each a kept tool with its own report. */
const CHECKS: readonly { name: string; words: readonly string[] }[] = [
  { name: 'format and lint', words: ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'types', words: ['typescript/bin/tsc', '--noEmit', '--project', '.'] },
  { name: 'floors and doors', words: ['dependency-cruiser/bin/dependency-cruiser.mjs', 'src', 'test', 'bench'] },
  { name: 'unused exports and packages', words: ['knip/bin/knip.js'] },
];

/**
 * `commonway lint`: format, lint, types, import floors, unused exports. All checks run, also after one has failed.
 * @returns 0 when every check passed, else 1
 */
export function lint(root: string): number {
  const failed = CHECKS.filter(({ name, words: [script = '', ...rest] }) => {
    process.stdout.write(`lint: ${name}\n`);
    const run = spawnSync(process.execPath, [join(root, 'node_modules', script), ...rest], {
      cwd: root,
      stdio: 'inherit',
    });
    return run.status !== 0;
  });
  for (const { name } of failed) process.stderr.write(`lint: failed: ${name}\n`);
  return failed.length === 0 ? 0 : 1;
}
