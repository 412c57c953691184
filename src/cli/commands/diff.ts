import { classifyChanges, getAgreement } from '../../agreements/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { changeLines, LANGUAGE, readLanguage } from '../publishing/change-lines.ts';

/** `./commonway diff OLD NEW [--json]` */
export const diff: Command = {
  name: 'diff',
  summary: 'tells what differs between two versions of an agreement, and what follows for drafts and cases',
  details: [
    'Both folders must pass ./commonway check. Each change says in which layer it is, and what becomes of drafts and of cases under',
    'examination; what is decided is never changed. Ends with 0; with 65 where a migration is missing.',
  ].join('\n'),
  arguments: [
    { name: 'OLD', summary: 'the folder of the version before' },
    { name: 'NEW', summary: 'the folder of the version after' },
  ],
  options: { ...LANGUAGE, json: { type: 'boolean', summary: 'prints one JSON object' } },
  async run(around, typed) {
    const language = readLanguage(typed);
    const [before, after] = [
      await getAgreement(typed.arguments[0] ?? ''),
      await getAgreement(typed.arguments[1] ?? ''),
    ];
    const changes = classifyChanges(before, after);
    const digests = (one: typeof before) => ({ contract: one.contractDigest, texts: one.textsDigest });
    if (typed.options.json === true) {
      around.out(JSON.stringify({ agreement: after.name, before: digests(before), after: digests(after), changes }));
    } else for (const line of changeLines(changes, language)) around.out(line);
    return changes.some(({ migrationMissing }) => migrationMissing) ? EXIT.badInput : EXIT.ok;
  },
};
