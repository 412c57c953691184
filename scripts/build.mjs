// Builds the program into a folder named by the digest of its sources, so that a running union keeps the build it started from.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';

const KEPT_BUILDS = 12;
const UNTOUCHED_MS = 3_600_000;

/** Every source below `folder`, in a fixed order. */
function sources(folder, wanted) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

const isTest = (name) => /\.test\.tsx?$/.test(name);
const isSource = (name) => /\.(ts|tsx|sql|css|json|html)$/.test(name);

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

const COMMON = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node26',
  packages: 'external',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  sourcemap: 'linked',
  loader: { '.sql': 'text', '.css': 'text', '.html': 'text' },
  logLevel: 'silent',
};

/** Packages that stay packages: those that read files beside themselves. */
const OUTSIDE = ['esbuild', 'pdfkit', 'pino', 'pg-native'];

/** Packages go into the bundle without their places in the source map, which would be five times as large. */
const packagesUnmapped = {
  name: 'packages-unmapped',
  setup(bundler) {
    const empty = Buffer.from('{"version":3,"sources":[""],"sourcesContent":[""],"mappings":"AAAA"}').toString(
      'base64',
    );
    bundler.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${empty}`,
      loader: 'js',
    }));
  },
};

/** What packages written as CommonJS expect to find. */
const COMMONJS = `import { createRequire as createRequire_ } from 'node:module';
import { dirname as dirname_ } from 'node:path';
import { fileURLToPath as fileURLToPath_ } from 'node:url';
const require = createRequire_(import.meta.url);
const __filename = fileURLToPath_(import.meta.url);
const __dirname = dirname_(__filename);`;

/** The program's packages in the bundle too: a node then starts in three quarters of the time and takes 35 MB less. */
const PROGRAM = {
  ...COMMON,
  packages: 'bundle',
  external: OUTSIDE,
  mainFields: ['module', 'main'],
  plugins: [packagesUnmapped],
  banner: { js: COMMONJS },
};

/** What browsers get: scripts and the style sheet, small, minified, without a map, and readable for a phone of 2021. */
async function bundleBrowserFiles(root, folder) {
  const home = join(root, 'src', 'web', 'browser');
  if (!existsSync(home)) return;
  const entries = readdirSync(home).filter(
    (name) => /\.(ts|css)$/.test(name) && !isTest(name) && !name.startsWith('_'),
  );
  await bundle({
    entryPoints: entries.map((name) => join(home, name)),
    outdir: join(folder, 'public'),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: ['es2022', 'chrome91', 'firefox91', 'safari15'],
    minify: true,
    logLevel: 'silent',
  });
}

/** Makes a folder whole or not at all: two builds at once both succeed, and the second finds the first one's work. */
async function inOnePiece(folder, fill) {
  if (existsSync(folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return;
  }
  const draft = `${folder}.${process.pid}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  await fill(draft);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

function forgetOldBuilds(home) {
  const builds = readdirSync(home)
    .map((name) => ({ path: join(home, name), at: statSync(join(home, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  // A union that runs touches its build now and then: its nodes are started again from it.
  const unused = builds.slice(KEPT_BUILDS).filter(({ at }) => Date.now() - at > UNTOUCHED_MS);
  for (const old of unused) rmSync(old.path, { recursive: true, force: true });
}

/**
 * Runs the bundle. Compiled code is kept beside it, which halves the start of each process. Source maps are switched on here rather than
 * by Node's option, under which a library that asks who called it has the whole map read at every start.
 */
const START = `import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

process.setSourceMapsEnabled(true);
enableCompileCache(fileURLToPath(new URL('./cache', import.meta.url)));
await import('./program.js');
`;

/**
 * Builds the command line program; returns the path of the file to run.
 * @param entry `main`: all commands; `development`: `test` and `lint` alone, so that the tests of one room run while another one, half
 * changed, does not build
 */
export async function build(root, entry = 'main') {
  const home = join(root, '.build');
  const files = [
    ...sources(join(root, 'src'), (name) => isSource(name) && !isTest(name)),
    join(root, 'scripts', 'build.mjs'),
  ];
  const folder = join(home, entry === 'main' ? digestOf(files) : `${digestOf(files)}-${entry}`);
  await inOnePiece(folder, async (draft) => {
    await bundle({
      ...(entry === 'main' ? PROGRAM : COMMON),
      entryPoints: [join(root, 'src', 'cli', `${entry}.ts`)],
      outfile: join(draft, 'program.js'),
    });
    writeFileSync(join(draft, 'commonway.js'), START);
    if (entry === 'main') await bundleBrowserFiles(root, draft);
    forgetOldBuilds(home);
  });
  return join(folder, 'commonway.js');
}

/**
 * Builds the tests: all that stand beside the sources become one file for one process, each of `test/` one of its own.
 * @param only a part of the path; tests whose path has it are built
 * @returns the files for the test runner, and the program that those of `test/` start
 */
export async function buildTests(root, only = '') {
  const beside = sources(join(root, 'src'), isTest).filter((file) => file.includes(only));
  const spanning = sources(join(root, 'test'), isTest).filter((file) => file.includes(only));
  // Tests that span rooms start the program; those beside the sources need only what they import.
  const program = spanning.length > 0 ? await build(root) : undefined;
  const inputs = [...sources(join(root, 'src'), isSource), ...sources(join(root, 'test'), isSource)];
  const folder = join(
    root,
    '.build',
    `tests-${digestOf(inputs)}-${createHash('sha256').update(only).digest('hex').slice(0, 8)}`,
  );
  await inOnePiece(folder, async (draft) => {
    await bundleBrowserFiles(root, draft);
    if (beside.length > 0) {
      await bundle({
        ...COMMON,
        stdin: {
          contents: beside.map((file) => `import ${JSON.stringify(file)};`).join('\n'),
          resolveDir: root,
          loader: 'ts',
        },
        outfile: join(draft, 'beside.test.js'),
      });
    }
    await bundle({
      ...COMMON,
      entryPoints: spanning.map((file) => ({
        in: file,
        out: file
          .slice(root.length + 6)
          .replaceAll('/', '-')
          .replace(/\.tsx?$/, ''),
      })),
      outdir: draft,
    });
  });
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => join(folder, name));
  return { program, tests };
}

/**
 * Builds the benches, each a module of its own.
 * @returns by name: the file to import and the program that benches of whole processes start
 */
export async function buildBenches(root) {
  const program = await build(root);
  const home = join(root, 'bench');
  const entries = readdirSync(home).filter((name) => name.endsWith('.ts') && !name.startsWith('_'));
  const inputs = [...sources(join(root, 'src'), isSource), ...sources(home, isSource)];
  const folder = join(root, '.build', `bench-${digestOf(inputs)}`);
  await inOnePiece(folder, (draft) =>
    bundle({ ...COMMON, entryPoints: entries.map((name) => join(home, name)), outdir: draft }),
  );
  const benches = Object.fromEntries(
    entries.map((name) => [name.replace(/\.ts$/, ''), join(folder, name.replace(/\.ts$/, '.js'))]),
  );
  return { program, benches };
}
