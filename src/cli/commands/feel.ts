import { runFeel } from '../../feel/index.ts';
import { Failure } from '../../storage/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** `./commonway feel [--types loose] [--now MOMENT]`: JSON Lines on standard input, one answer a line on standard output. */
export const feel: Command = {
  name: 'feel',
  summary: 'evaluates expressions of the rule language, one a line',
  details: [
    'Reads JSON Lines: {"expression": "a + 1", "context": {"a": 1}}, or with the context as FEEL: {"expression": "a.year",',
    '"contextFeel": "{a: date(\\"2021-01-01\\")}"}. Writes a line for each, in order: {"value", "feel"} or {"error": {"code", "message"}}.',
  ].join('\n'),
  options: {
    types: {
      type: 'string',
      value: 'MODE',
      summary: 'strict (default), or loose: a type error is null, as in the specification',
    },
    now: { type: 'string', value: 'MOMENT', summary: 'what now() and today() give: 2026-11-22T10:00:00Z' },
  },
  async run(_around, typed) {
    const types = textOf(typed, 'types') ?? 'strict';
    if (types !== 'strict' && types !== 'loose') {
      const reason = `--types is strict or loose, not '${types}'.`;
      throw new Failure('CLI_OPTION_WRONG', { command: 'feel', reason });
    }
    const now = textOf(typed, 'now');
    await runFeel(process.stdin, process.stdout, { types, ...(now !== undefined && { now }) });
    return EXIT.ok;
  },
};
