import { Failure } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { SENTENCES } from '../sentences.ts';

/** `./commonway errors` */
export const errors: Command = {
  name: 'errors',
  summary: 'says what a code means, or lists all codes',
  arguments: [{ name: 'CODE', summary: 'one code; all without it', optional: true }],
  options: { markdown: { type: 'boolean', summary: 'as docs/errors.md has them' } },
  async run(around, typed) {
    const [code] = typed.arguments;
    if (typed.options.markdown === true) around.out(errorsPage().trimEnd());
    else if (code === undefined) for (const [name, sentence] of sorted()) around.out(`${name}  ${sentence}`);
    else around.out(sentenceOf(code));
    return EXIT.ok;
  },
};

function sorted(): [string, string][] {
  return Object.entries(SENTENCES).sort(([one], [other]) => (one < other ? -1 : 1));
}

function sentenceOf(code: string): string {
  const sentence = Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined;
  if (sentence === undefined) throw new Failure('CLI_ERROR_UNKNOWN', { code });
  return sentence;
}

/** docs/errors.md: every refusal of every room, with its stable code. */
export function errorsPage(): string {
  const rows = sorted().map(([code, sentence]) => `| \`${code}\` | ${sentence.replaceAll('|', '\\|')} |`);
  return [
    '# Errors',
    '',
    'Every refusal has a stable code, which scripts may rely on; its sentence may get better. Words in braces are filled in. What people',
    'see on pages stands in the message catalogues, in six languages. `./commonway errors CODE` prints one; this page is printed by',
    '`./commonway errors --markdown`, and a test compares the two.',
    '',
    '| code | meaning |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
