import { parseArgs } from 'node:util';
import { describeError, Failure, isFailure } from '../storage/index.ts';
import type { Command, Surroundings, Typed } from './command.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { commandHelp, generalHelp, HELP } from './help.ts';

/**
 * Runs what was typed: finds the command, reads its options, and turns refusals into one sentence and a number.
 * @param words without the program's own name
 * @returns the exit code
 */
export async function runCommand(
  commands: readonly Command[],
  words: readonly string[],
  around: Surroundings,
): Promise<number> {
  try {
    const [first] = words;
    if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
      around.out(generalHelp(commands));
      return first === undefined ? EXIT.usage : EXIT.ok;
    }
    const { command, rest } = findCommand(commands, words);
    const typed = readTyped(command, rest);
    if (typed.options.help === true) {
      around.out(commandHelp(command));
      return EXIT.ok;
    }
    return await command.run(around, typed);
  } catch (error) {
    return refuse(error, around);
  }
}

function findCommand(commands: readonly Command[], words: readonly string[]): { command: Command; rest: string[] } {
  const two = commands.find((command) => command.name === words.slice(0, 2).join(' '));
  if (two !== undefined) return { command: two, rest: words.slice(two.name.split(' ').length) };
  const one = commands.find((command) => command.name === words[0]);
  if (one !== undefined) return { command: one, rest: words.slice(1) };
  const inside = commands.filter((command) => command.name.startsWith(`${words[0]} `));
  const meant = inside.length > 0 ? inside : commands.filter((command) => isNear(command.name, words[0] ?? ''));
  const hint = meant.length === 0 ? '.' : `; did you mean '${meant[0]?.name}'?`;
  throw new Failure('CLI_COMMAND_UNKNOWN', { command: words[0] ?? '', hint });
}

/** Whether one typing slip lies between two words. */
function isNear(name: string, typed: string): boolean {
  if (typed.length >= 2 && name.startsWith(typed)) return true;
  if (Math.abs(name.length - typed.length) > 1) return false;
  const longer = name.length >= typed.length ? name : typed;
  const shorter = longer === name ? typed : name;
  for (let at = 0; at < longer.length; at++) {
    const without = longer.slice(0, at) + longer.slice(at + 1);
    if (
      shorter === without ||
      (longer.length === shorter.length && shorter.slice(0, at) + shorter.slice(at + 1) === without)
    )
      return true;
  }
  return false;
}

function readTyped(command: Command, words: readonly string[]): Typed {
  let values: Record<string, string | boolean | undefined>;
  let positionals: string[];
  try {
    const parsed = parseArgs({
      args: [...words],
      options: { ...command.options, help: HELP },
      allowPositionals: true,
      strict: true,
    });
    values = parsed.values as typeof values;
    positionals = parsed.positionals;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? '') : '';
    throw new Failure('CLI_OPTION_WRONG', { command: command.name, reason: `${reason}.` });
  }
  if (values.help !== true) demandArguments(command, positionals);
  return { arguments: positionals, options: values };
}

function demandArguments(command: Command, given: readonly string[]): void {
  const known = command.arguments ?? [];
  const missing = known.find((argument, place) => !argument.optional && given[place] === undefined);
  if (missing !== undefined)
    throw new Failure('CLI_ARGUMENT_MISSING', { command: command.name, argument: missing.name });
  const extra = given[known.length];
  if (extra !== undefined && known.at(-1)?.many !== true)
    throw new Failure('CLI_ARGUMENT_EXTRA', { command: command.name, argument: extra });
}

const DISK = new Set(['ENOSPC', 'EDQUOT']);

function refuse(error: unknown, around: Surroundings): number {
  if (isFailure(error)) {
    around.err(`commonway: ${around.sentenceOf(error)}`);
    return exitCodeOf(error.code);
  }
  const { code = '', path = '' } = error as { code?: string; path?: string };
  if (DISK.has(code)) {
    around.err('commonway: The disk is full.');
    return EXIT.cannotCreate;
  }
  if (code === 'EACCES' || code === 'EROFS') {
    around.err(`commonway: ${path || 'A file'} cannot be written or read (${code}).`);
    return EXIT.noPermission;
  }
  around.err(`commonway: Something went wrong that should not have: ${describeError(error)}`);
  if (around.env.COMMONWAY_DEBUG && error instanceof Error) around.err(error.stack ?? error.message);
  return EXIT.internal;
}
