import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { failureSentence } from '../storage/index.ts';
import type { Surroundings } from './command.ts';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();

/** The world around this process. @param sentences of refusals, by code */
export const surroundings = (sentences: Readonly<Record<string, string>>): Surroundings => ({
  root,
  sentenceOf: (failure) => failureSentence(sentences, failure),
  home: resolve(process.env.COMMONWAY_HOME || join(root, 'var')),
  env: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  async ask(question) {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    return terminal.question(question).finally(() => terminal.close());
  },
});

// A reader that has enough (`| head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
