import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Agreement, checkAgreement, digestsOf, printJourneyMap, printRegulation } from '../../agreements/index.ts';
import { Failure } from '../../storage/index.ts';
import { isLanguage, LANGUAGES, type Language } from '../../texts/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** `./commonway print DIR [--language kk] [--out FOLDER] [--json]` */
export const print: Command = {
  name: 'print',
  summary: 'prints an agreement for people: its regulation as one page, the journey of each service as a picture',
  details: [
    'Writes NAME.LANGUAGE.html, self-contained and made for paper, and NAME.SERVICE.LANGUAGE.svg for each service. The same agreement',
    'gives the same bytes, so two parties can compare what they sign. An agreement with findings is not printed: see check.',
  ].join('\n'),
  arguments: [{ name: 'DIR', summary: 'the folder that holds agreement.yaml' }],
  options: {
    language: { type: 'string', value: 'LANGUAGE', summary: `one of ${LANGUAGES.join(', ')}; default: all` },
    out: { type: 'string', value: 'FOLDER', summary: 'where the files go; default: this folder' },
    json: { type: 'boolean', summary: 'prints one JSON object: digests, and each file with its SHA-256' },
  },
  async run(around, typed) {
    const languages = languagesOf(textOf(typed, 'language'));
    const agreement = await soundAgreement(typed.arguments[0] ?? '');
    const folder = resolve(textOf(typed, 'out') ?? '.');
    const files = languages.flatMap((language) => filesOf(agreement, language));
    const written = files.map(({ name, body, ...what }) => ({ ...what, ...write(folder, name, body) }));
    if (typed.options.json === true) {
      const { name, version } = agreement;
      around.out(JSON.stringify({ agreement: name, version, digests: digestsOf(agreement), files: written }));
    } else for (const { path } of written) around.out(path);
    return EXIT.ok;
  },
};

/** @throws Failure CLI_LANGUAGE_UNKNOWN */
function languagesOf(word: string | undefined): readonly Language[] {
  if (word === undefined) return LANGUAGES;
  if (isLanguage(word)) return [word];
  throw new Failure('CLI_LANGUAGE_UNKNOWN', { language: word });
}

/** What is printed must hold, its examples too. @throws Failure AGREEMENT_NOT_LOADED naming the first finding */
async function soundAgreement(folder: string): Promise<Agreement> {
  const { agreement, findings } = await checkAgreement(folder);
  const [first] = findings;
  if (agreement !== undefined && first === undefined) return agreement;
  const { code = '', file = '', line = 0 } = first ?? {};
  throw new Failure('AGREEMENT_NOT_LOADED', { folder, count: findings.length, code, file, line });
}

interface PrintedFile {
  kind: 'regulation' | 'journey';
  language: Language;
  service?: string;
  name: string;
  body: string;
}

function filesOf(agreement: Agreement, language: Language): PrintedFile[] {
  return [
    {
      ...{ kind: 'regulation', language, name: `${agreement.name}.${language}.html` },
      body: printRegulation(agreement, language),
    },
    ...Object.values(agreement.services).map(
      (service): PrintedFile => ({
        ...{ kind: 'journey', language, service: service.name },
        name: `${agreement.name}.${service.name}.${language}.svg`,
        body: printJourneyMap(agreement, service, language).body,
      }),
    ),
  ];
}

/** @throws Failure CLI_FOLDER_UNWRITABLE */
function write(folder: string, name: string, body: string): { path: string; sha256: string } {
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, body);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? '';
    throw new Failure('CLI_FOLDER_UNWRITABLE', { folder, reason }, { cause: error });
  }
  return { path, sha256: createHash('sha256').update(body).digest('hex') };
}
