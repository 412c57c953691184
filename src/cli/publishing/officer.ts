import { Failure } from '../../storage/index.ts';
import { type Option, type Typed, textOf } from '../command.ts';

/** Who works on which state, for the commands in the name of a state. */
export const OFFICER: Readonly<Record<string, Option>> = {
  state: { type: 'string', value: 'STATE', summary: 'e.g. kz' },
  by: { type: 'string', value: 'NAME', summary: 'who does it; whoever approves must be somebody else' },
};

/** An option that must be given. @throws Failure CLI_ARGUMENT_MISSING */
export function demandOption(typed: Typed, command: string, name: string): string {
  const value = textOf(typed, name)?.trim();
  if (value === undefined || value === '')
    throw new Failure('CLI_ARGUMENT_MISSING', { command, argument: `--${name}` });
  return value;
}

/** A day as it is typed. @throws Failure CLI_DAY_WRONG */
export function demandDay(text: string): string {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    throw new Failure('CLI_DAY_WRONG', { day: text.slice(0, 40) });
  }
}
