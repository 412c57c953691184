import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * `commonway test [PART OF A PATH] [--all]`: builds the tests and runs them with Node's own runner.
 * @returns the runner's exit code
 */
export async function runTests(words: string[]): Promise<number> {
  const root = process.env.COMMONWAY_ROOT ?? process.cwd();
  const only = words.find((word) => !word.startsWith('--')) ?? '';
  const { buildTests } = (await import(pathToFileURL(join(root, 'scripts', 'build.mjs')).href)) as {
    buildTests(root: string, only: string): Promise<{ program: string; tests: string[] }>;
  };
  const { program, tests } = await buildTests(root, only);
  if (tests.length === 0) {
    process.stderr.write(`commonway: no test has '${only}' in its path\n`);
    return 66;
  }
  const runner = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      '--disable-warning=ExperimentalWarning',
      '--test',
      '--test-reporter=spec',
      '--test-concurrency=1',
      ...tests,
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, COMMONWAY_PROGRAM: program, COMMONWAY_ALL: words.includes('--all') ? '1' : '' },
    },
  );
  return new Promise((resolve) => runner.on('exit', (code) => resolve(code ?? 1)));
}
