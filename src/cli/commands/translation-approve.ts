import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { getAgreement, translationDigest } from '../../agreements/index.ts';
import { Failure, systemClock } from '../../storage/index.ts';
import { isLanguage } from '../../texts/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { demandOption } from '../publishing/officer.ts';

/** `./commonway translation approve DIR --language kk --by NAME --role ROLE` */
export const translationApprove: Command = {
  name: 'translation approve',
  summary: 'writes into texts/approvals.yaml that a named person stands by the texts of a language as they are',
  details: [
    'A language that nobody has approved is a draft: it is published in a demonstration only, and its pages say so. Whoever changes a',
    'sentence afterwards makes the language a draft again.',
  ].join('\n'),
  arguments: [{ name: 'DIR', summary: 'the folder that holds agreement.yaml' }],
  options: {
    language: { type: 'string', value: 'LANGUAGE', summary: 'en, ru, kk, ky, hy or be' },
    by: { type: 'string', value: 'NAME', summary: 'the person who stands by it' },
    role: { type: 'string', value: 'ROLE', summary: 'as what: sworn translator, head of the pension department' },
  },
  async run(around, typed) {
    const [folder = ''] = typed.arguments;
    const language = demandOption(typed, 'translation approve', 'language');
    const by = demandOption(typed, 'translation approve', 'by');
    const role = demandOption(typed, 'translation approve', 'role');
    if (!isLanguage(language)) throw new Failure('CLI_LANGUAGE_UNKNOWN', { language });
    const agreement = await getAgreement(folder);
    const path = join(folder, 'texts', 'approvals.yaml');
    const file = parseDocument(readIfThere(path));
    const on = systemClock.now().slice(0, 10);
    file.set(language, { by, role, on, digest: translationDigest(agreement, language) });
    writeFileSync(path, file.toString({ lineWidth: 0 }));
    around.out(`${by} (${role}) stands by the texts of ${agreement.name} in ${language}, as they are on ${on}.`);
    return EXIT.ok;
  },
};

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
