import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../src/exchange/testing.ts';

/** A running form engine of another government. */
export interface FormsPeer {
  port: number;
  process: number;
  stop(): void;
}

/**
 * Installs `@defra/forms-engine-plugin` from the lockfile beside it into a folder, and starts it with one form.
 * @throws Error where the packages cannot be had, or it does not start
 */
export async function openFormsPeer(root: string, folder: string): Promise<FormsPeer> {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'server.mjs', 'form.json'])
    cpSync(join(root, 'bench', 'forms-peer', name), join(folder, name));
  try {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  } catch (error) {
    throw new Error('bench portal needs its peer, and npm could not install it', { cause: error });
  }
  const port = await freePort();
  const child = spawn(process.execPath, [join(folder, 'server.mjs'), String(port)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await Promise.race([
    ready(child.stdout),
    once(child, 'exit').then(() => Promise.reject(new Error('the peer of bench portal does not start'))),
  ]);
  return { port, process: child.pid ?? 0, stop: () => child.kill('SIGKILL') };
}

async function ready(output: AsyncIterable<Buffer>): Promise<void> {
  let said = '';
  for await (const part of output) {
    said += part.toString();
    if (said.includes('ready ')) return;
  }
}
