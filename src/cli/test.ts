import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startTestServer } from './test-server.ts';

/**
 * `commonway test [PART OF A PATH] [--all]`: builds the tests and runs them with Node's own runner on a throw-away PostgreSQL (or on
 * the one that COMMONWAY_TEST_POSTGRES names). The last lines are the runner's summary.
 * @returns the runner's exit code
 */
export async function runTests(words: string[]): Promise<number> {
  const root = process.env.COMMONWAY_ROOT ?? process.cwd();
  const only = words.find((word) => !word.startsWith('--')) ?? '';
  const { buildTests } = (await import(pathToFileURL(join(root, 'scripts', 'build.mjs')).href)) as {
    buildTests(root: string, only: string): Promise<{ program?: string; tests: string[] }>;
  };
  const { program, tests } = await buildTests(root, only);
  if (tests.length === 0) {
    process.stderr.write(`commonway: no test has '${only}' in its path\n`);
    return 66;
  }
  // A terminal's Ctrl-C reaches the runner too; this process stays until its server is gone.
  let stopping: NodeJS.Signals | undefined;
  let runner: ReturnType<typeof spawn> | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    stopping = signal;
    runner?.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  const given = process.env.COMMONWAY_TEST_POSTGRES;
  const server = given ? undefined : await startTestServer(root);
  try {
    if (stopping !== undefined) return 130;
    runner = spawn(
      process.execPath,
      [
        '--enable-source-maps',
        '--disable-warning=ExperimentalWarning',
        '--test',
        '--test-reporter=spec',
        // The tests beside the code are one file, those of whole unions others: they go side by side, on two cores as well.
        '--test-concurrency=2',
        ...tests,
      ],
      {
        stdio: 'inherit',
        env: {
          ...process.env,
          COMMONWAY_PROGRAM: program ?? '',
          COMMONWAY_TEST_POSTGRES: given || server?.adminUrl,
          COMMONWAY_ALL: words.includes('--all') ? '1' : '',
        },
      },
    );
    return await new Promise((done) => {
      runner?.on('exit', (code) => done(stopping === undefined ? (code ?? 1) : 130));
      runner?.on('error', () => done(70));
    });
  } finally {
    await server?.end();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
  }
}
