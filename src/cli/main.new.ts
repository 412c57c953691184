import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Surroundings } from './command.ts';
import { commands } from './commands/index.ts';
import { runCommand } from './run.ts';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();

const around: Surroundings = {
  root,
  home: resolve(process.env.COMMONWAY_HOME || join(root, 'var')),
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  async ask(question) {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    return terminal.question(question).finally(() => terminal.close());
  },
};

// A reader that has enough (`| head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCommand(commands, process.argv.slice(2), around);
