import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * For tests that kill: runs a program that may import this room's files (`./index.ts`) in a process of its own.
 * @param code TypeScript, an ES module
 */
export async function runInChild(code: string, env: Record<string, string>): Promise<ChildProcessWithoutNullStreams> {
  const root = process.env.COMMONWAY_ROOT ?? process.cwd();
  const built = await build({
    stdin: { contents: code, resolveDir: join(root, 'src', 'storage'), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.sql': 'text' },
  });
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(built.outputFiles[0]?.text);
  return child;
}
