import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();
const home = (name: string): string => join(root, 'node_modules', ...name.split('/'));

/** Inflates the packed browser, its fonts and the libraries of bare machines into the temporary folder of its process. */
const UNPACK = `
const { default: chromium, inflate } = await import('@sparticuz/chromium');
await chromium.executablePath();
await inflate('node_modules/@sparticuz/chromium/bin/al2023.tar.br');`;

/** Why there can be no browser here, for a test to say when it is skipped; undefined where there can. */
export function whyNoBrowser(): string | undefined {
  if (process.env.COMMONWAY_BROWSER !== undefined) return undefined;
  if (process.platform === 'linux' && process.arch === 'x64') return undefined;
  return `the packed browser is for linux-x64, this is ${process.platform}-${process.arch}; name a Chromium in COMMONWAY_BROWSER`;
}

/**
 * Starts Chromium without a window: the one that COMMONWAY_BROWSER names, else the one that ships in the packages. It knows every name below
 * `.localhost` and no other, so whatever a page asks of somebody else fails, and it has the same letters on every machine.
 */
export async function startBrowser(): Promise<Browser> {
  const given = process.env.COMMONWAY_BROWSER;
  const folder = unpacked(given === undefined);
  const start = (env: NodeJS.ProcessEnv) =>
    chromium.launch({
      executablePath: given ?? join(folder, 'chromium'),
      args: [
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost',
        '--disable-gpu',
        '--font-render-hinting=none',
      ],
      env: { ...env, FONTCONFIG_FILE: fontsFile(folder) } as Record<string, string>,
    });
  try {
    return await start(process.env);
  } catch (error) {
    // A machine with no desktop at all lacks a few libraries, which the package has too.
    if (!/shared libraries/.test(String(error))) throw error;
    return start({ ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') });
  }
}

/** The folder with the browser: filled once, whole or not at all, whoever else does it at the same time. */
function unpacked(withBrowser: boolean): string {
  const { version } = JSON.parse(readFileSync(join(home('@sparticuz/chromium'), 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(root, 'node_modules', '.cache', `chromium-${version}`);
  if (!withBrowser) mkdirSync(folder, { recursive: true });
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', UNPACK], {
      cwd: root,
      env: { ...process.env, TMPDIR: draft },
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`the browser could not be unpacked: ${run.stderr}`);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The fonts of the packages, none of the machine's: Open Sans, and DejaVu for Armenian. */
function fontsFile(folder: string): string {
  const file = join(folder, 'fonts.conf');
  const prefer = (family: string, ...fonts: string[]) =>
    `<alias binding="same"><family>${family}</family><prefer>${fonts.map((font) => `<family>${font}</family>`).join('')}</prefer></alias>`;
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${join(folder, 'fonts')}</dir>
<dir>${join(home('dejavu-fonts-ttf'), 'ttf')}</dir>
<cachedir>${join(folder, 'font-cache')}</cachedir>
${prefer('sans-serif', 'Open Sans', 'DejaVu Sans')}
${prefer('system-ui', 'Open Sans', 'DejaVu Sans')}
${prefer('monospace', 'DejaVu Sans Mono')}
</fontconfig>
`;
  writeFileSync(file, text);
  return file;
}
