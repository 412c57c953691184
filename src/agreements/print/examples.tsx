import type { Json } from '../../storage/index.ts';
import type { ExpectedDecision, ExpectedStep, Scenario } from '../scenarios/types.ts';
import type { Field, FieldType } from '../types.ts';
import { valueWords } from './facts.ts';
import { Facts, Grid } from './ink.tsx';
import type { Sheet } from './sheet.ts';
import { type Known, know } from './wording/known.ts';

/** The scenarios as worked examples: what is common to those of a file once, then each by what sets it apart. */
export function Examples({ sheet }: { sheet: Sheet }) {
  const groups = Map.groupBy(sheet.agreement.scenarios, ({ name }) => name.split('/')[0] ?? name);
  return (
    <>
      <p>{sheet.say('regulation.example.words')}</p>
      {[...groups].map(([file, scenarios]) => (
        <Group key={file} sheet={sheet} file={file} scenarios={scenarios} />
      ))}
    </>
  );
}

function Group({ sheet, file, scenarios }: { sheet: Sheet; file: string; scenarios: readonly Scenario[] }) {
  const { say } = sheet;
  const given = new Map(scenarios.map((scenario) => [scenario, givenOf(sheet, scenario)]));
  const common = commonOf([...given.values()]);
  return (
    <article>
      <h3>{file}</h3>
      {common.size === 0 ? null : <p>{say('regulation.example.common', { file })}</p>}
      <Facts rows={[...common]} />
      <Grid
        sheet={sheet}
        name={file}
        rows={scenarios}
        columns={[
          { head: say('regulation.example'), cell: ({ name }) => <code>{name.split('/')[1] ?? name}</code> },
          {
            head: say('regulation.example.given'),
            cell: (scenario) => <Pairs pairs={apart(given.get(scenario) ?? new Map(), common, say('common.none'))} />,
          },
          {
            head: say('regulation.example.expected'),
            cell: (scenario) => <Pairs pairs={expectedOf(sheet, scenario)} />,
          },
        ]}
      />
    </article>
  );
}

const Pairs = ({ pairs }: { pairs: readonly (readonly [string, string])[] }) => (
  <>
    {pairs.map(([name, value]) => (
      <div key={name}>
        {name === '' ? null : <b>{`${name}: `}</b>}
        {value}
      </div>
    ))}
  </>
);

/** What an example begins with, by name. */
function givenOf(sheet: Sheet, { service, given }: Scenario): Map<string, string> {
  const { agreement, say, text, state, date, book } = sheet;
  const fields = agreement.services[service]?.fields ?? {};
  const pairs: [string, string][] = [
    [say('wording.home'), state(given.home)],
    [say('wording.claimDate'), date(given.claim)],
    ...(given.decision === undefined ? [] : [[say('wording.decisionDate'), date(given.decision)] as [string, string]]),
    ...(given.lot === undefined ? [] : [[say('wording.lot'), String(given.lot)] as [string, string]]),
  ];
  for (const [name, value] of Object.entries(given.answers)) {
    const known = know({ kind: 'name', name, from: 0, to: 0 }, book, new Map());
    pairs.push([text(fields[name]?.text ?? name), valueWords(sheet, value, known)]);
  }
  for (const { type, state: from, result, facts } of given.evidence) {
    const evidence = agreement.evidence[type];
    const known: Known = evidence === undefined ? {} : { type: evidence.feelType, facts: { evidence, path: '' } };
    const shown =
      result === 'found' ? valueWords(sheet, facts, known) : (sheet.find(`common.evidence.${result}`) ?? result);
    pairs.push([`${evidence === undefined ? type : text(evidence.title)}, ${state(from)}`, shown]);
  }
  return new Map(pairs);
}

/** What most of several examples share, name by name, in the order in which it first comes. */
function commonOf(all: readonly ReadonlyMap<string, string>[]): Map<string, string> {
  const common = new Map<string, string>();
  for (const name of new Set(all.flatMap((given) => [...given.keys()]))) {
    const counts = new Map<string, number>();
    for (const given of all) {
      const value = given.get(name);
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const [best] = [...counts].sort(([, one], [, other]) => other - one);
    if (best !== undefined && best[1] > 1) common.set(name, best[0]);
  }
  return common;
}

/** What sets an example apart from what is common; what it leaves out is said too. */
function apart(
  given: ReadonlyMap<string, string>,
  common: ReadonlyMap<string, string>,
  none: string,
): (readonly [string, string])[] {
  const own = [...given].filter(([name, value]) => common.get(name) !== value);
  const without = [...common.keys()].filter((name) => !given.has(name)).map((name) => [name, none] as const);
  return [...own, ...without];
}

function expectedOf(sheet: Sheet, { service: name, expect }: Scenario): (readonly [string, string])[] {
  const { agreement, say, text, states } = sheet;
  const service = agreement.services[name];
  const pairs: [string, string][] = [];
  if (expect.path !== undefined) {
    const titles = expect.path.map((page) => text(service?.form.find((one) => one.name === page)?.title ?? page));
    pairs.push(['', say('regulation.example.pages', { pages: titles.join(' → ') })]);
  }
  for (const [field, error] of Object.entries(expect.errors ?? {})) {
    const asked = service?.fields[field];
    pairs.push([text(asked?.text ?? field), errorWords(sheet, error, asked)]);
  }
  if (expect.transactions !== undefined) pairs.push(['', transactionsWords(sheet, expect.transactions)]);
  if (expect.deciders !== undefined) pairs.push([say('regulation.decides'), states(expect.deciders)]);
  for (const [party, decision] of Object.entries(expect.decisions ?? {})) {
    pairs.push([sheet.state(party), decisionWords(sheet, decision)]);
  }
  return pairs;
}

/** Which of the platform's sentences about wrong answers is for a type of field. */
const ASKED_AS: Readonly<Record<FieldType, 'text' | 'date' | 'choice' | 'file' | 'list'>> = {
  ...{ text: 'text', number: 'text', textByState: 'text', date: 'date', file: 'file', list: 'list' },
  ...{ choice: 'choice', choices: 'choice', yesNo: 'choice', state: 'choice', states: 'choice', language: 'choice' },
};

/** What a form says of a wrong answer: the agreement's own sentence, or the platform's for that type of field. */
function errorWords({ say, text, find }: Sheet, error: string, field: Field | undefined): string {
  if (!error.startsWith('error.answer.')) return text(error);
  const params = { least: field?.list?.least ?? 0, most: field?.list?.most ?? 0, decimals: field?.decimals ?? 0 };
  return find(`${error}.${ASKED_AS[field?.type ?? 'text']}`, params) ?? say('error.answer.notValid');
}

function decisionWords(sheet: Sheet, expected: ExpectedDecision): string {
  const { agreement, say, text, book } = sheet;
  const title = (name: string): string => text(agreement.rules[name]?.title ?? name);
  const values = Object.entries(expected.values ?? {}).map(([name, value]: [string, Json]) => {
    const known = know({ kind: 'name', name, from: 0, to: 0 }, book, new Map());
    return `${title(name)}: ${valueWords(sheet, value, known)}`;
  });
  return [
    say(`common.outcome.${expected.outcome}`),
    ...(expected.months === undefined ? [] : [say('regulation.example.months', { count: expected.months })]),
    ...values,
    ...(expected.missing === undefined || expected.missing.length === 0
      ? []
      : [say('regulation.example.missing', { missing: expected.missing.map(title).join(', ') })]),
    ...Object.entries(expected.rows ?? {}).map(([name, row]) => `${title(name)} (${say('wording.table.row')}: ${row})`),
    ...(expected.articles ?? []).map((id) => text(agreement.articles[id]?.title ?? id)),
    ...Object.entries(expected.explanation ?? {}).map(([name, step]) => stepWords(sheet, name, step)),
    ...documentsWords(sheet, expected),
    ...(expected.deadline?.decide === undefined
      ? []
      : [say('regulation.example.deadline', { date: sheet.date(expected.deadline.decide) })]),
    ...(expected.deadline?.silence === undefined ? [] : [say(`regulation.silence.${expected.deadline.silence}`)]),
    ...(expected.transactions === undefined ? [] : [transactionsWords(sheet, expected.transactions)]),
  ].join('; ');
}

/** Exchanges as an example names them: a code alone, or with the state that it goes to. */
function transactionsWords({ say, state }: Sheet, transactions: readonly string[]): string {
  const codes = transactions.map((one) => {
    const [code = one, to] = one.split('/');
    return to === undefined ? code : `${code} (${state(to)})`;
  });
  return say('regulation.example.transactions', { codes: codes.length === 0 ? say('common.none') : codes.join(', ') });
}

/** What an example expects of one step of the explanation. */
function stepWords(
  sheet: Sheet,
  name: string,
  { value, article, source, reference, row, facts }: ExpectedStep,
): string {
  const { agreement, say, text, date, book } = sheet;
  const known = know({ kind: 'name', name, from: 0, to: 0 }, book, new Map());
  const parts = [
    ...(value === undefined ? [] : [valueWords(sheet, value, known)]),
    ...(article === undefined ? [] : [text(agreement.articles[article]?.title ?? article)]),
    ...(source === undefined ? [] : [say(`regulation.source.${source}`)]),
    ...(reference === undefined ? [] : [date(reference)]),
    ...(row === undefined ? [] : [`${say('wording.table.row')}: ${row}`]),
    ...(facts ?? []),
  ];
  return `${text(agreement.rules[name]?.title ?? name)}: ${parts.join(', ')}`;
}

/** The documents that an example expects, with the claims that it looks at. */
function documentsWords(sheet: Sheet, { documents }: ExpectedDecision): string[] {
  const { agreement, say, text } = sheet;
  if (documents === undefined) return [];
  const said = Object.entries(documents).map(([type, claims]) => {
    const document = agreement.documents[type];
    const values = Object.entries(claims).map(
      ([claim, value]) => `${text(document?.labels[claim] ?? claim)}: ${valueWords(sheet, value, {})}`,
    );
    const title = text(document?.title ?? type);
    return values.length === 0 ? title : `${title} (${values.join(', ')})`;
  });
  return [say('regulation.example.documents', { documents: said.length === 0 ? say('common.none') : said.join('; ') })];
}
