import type { Command, Option } from './command.ts';

/** `./commonway --help`. */
export function generalHelp(commands: readonly Command[]): string {
  const shown = commands.filter((command) => command.hidden !== true);
  return [
    'Commonway: the union of states on this machine.',
    '',
    'Usage: ./commonway COMMAND [OPTIONS]',
    '',
    ...twoColumns(shown.map((command) => [usageOf(command), command.summary])),
    '',
    './commonway COMMAND --help tells more of one.',
    'Data is kept below var/ of the checkout, or below COMMONWAY_HOME where that is set.',
  ].join('\n');
}

/** `./commonway COMMAND --help`. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, help: HELP });
  const lines = [`Usage: ./commonway ${usageOf(command)}`, '', command.summary];
  if (command.details !== undefined) lines.push('', command.details);
  if (command.arguments !== undefined && command.arguments.length > 0) {
    lines.push('', ...twoColumns(command.arguments.map(({ name, summary }) => [name, summary])));
  }
  lines.push('', ...twoColumns(options.map(([name, option]) => [optionName(name, option), option.summary])));
  return lines.join('\n');
}

/** Every command takes it. */
export const HELP: Option = { type: 'boolean', short: 'h', summary: 'shows this' };

function usageOf(command: Command): string {
  const named = (command.arguments ?? []).map(({ name, optional, many }) => {
    const shown = many ? `${name}...` : name;
    return optional ? `[${shown}]` : shown;
  });
  return [command.name, ...named].join(' ');
}

function optionName(name: string, option: Option): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`;
}

function twoColumns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
