import { commands } from './commands/index.ts';
import { runCommand } from './run.ts';
import { SENTENCES } from './sentences.ts';
import { surroundings } from './surroundings.ts';

process.exitCode = await runCommand(commands, process.argv.slice(2), surroundings(SENTENCES));
