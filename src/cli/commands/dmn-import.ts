import { readFileSync, statSync } from 'node:fs';
import { importRules } from '../../agreements/index.ts';
import { Failure } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** `./commonway dmn import FILE.dmn` */
export const dmnImport: Command = {
  name: 'dmn import',
  summary: 'prints the decisions of a DMN file (1.2 to 1.5) as rules of an agreement',
  details: [
    'A decision becomes a rule, business knowledge a function, a boxed expression an expression; a decision table stays a table.',
    'Put what it prints into rules/ and give each rule its article and its texts; ./commonway check tells what is missing.',
  ].join('\n'),
  arguments: [{ name: 'FILE.dmn', summary: 'a decision model as XML' }],
  async run(around, typed) {
    const [path = ''] = typed.arguments;
    around.out(importRules(readText(path)).trimEnd());
    return EXIT.ok;
  },
};

function readText(path: string): string {
  try {
    if (!statSync(path).isFile()) throw new Failure('CLI_FILE_MISSING', { file: path, reason: 'no file' });
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('CLI_FILE_MISSING', {
      file: path,
      reason: (error as NodeJS.ErrnoException).code ?? 'unreadable',
    });
  }
}
