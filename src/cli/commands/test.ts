import type { Command } from '../command.ts';
import { runTests } from '../test.ts';

/** `./commonway test` */
export const test: Command = {
  name: 'test',
  summary: 'runs the tests',
  details: "The exit code and the last lines are those of Node's own test runner.",
  arguments: [{ name: 'PART', summary: 'only tests whose path has it', optional: true }],
  options: { all: { type: 'boolean', summary: 'with the long ones' } },
  run: (_around, typed) => runTests([...typed.arguments, ...(typed.options.all === true ? ['--all'] : [])]),
};
