import { lint } from './commands/lint.ts';
import { test } from './commands/test.ts';
import { CLI_FAILURES } from './failures.ts';
import { runCommand } from './run.ts';
import { surroundings } from './surroundings.ts';

// The commands that judge the sources; built apart from the sources that they judge.
process.exitCode = await runCommand([test, lint], process.argv.slice(2), surroundings(CLI_FAILURES));
