import type { VNode } from 'preact';
import type { TextId } from '../../texts/index.ts';
import { stagesFor } from '../decision/stages.ts';
import type { CorrectAction, DecisionDeadline, Field, FieldType, Service, Stage, StageVerb } from '../types.ts';
import { Lines, roleName } from './exchange.tsx';
import { Facts, Grid, Line } from './ink.tsx';
import type { Sheet } from './sheet.ts';
import { inline } from './wording/phrase.ts';
import { expressionWords, statesWords, thingWords } from './wording/rule-words.ts';

/** One entry a type of field: a new one does not compile until it has its words. */
export const FIELD_TYPES: Readonly<Record<FieldType, TextId>> = {
  text: 'regulation.type.text',
  number: 'regulation.type.number',
  date: 'regulation.type.date',
  yesNo: 'regulation.type.yesNo',
  choice: 'regulation.type.choice',
  choices: 'regulation.type.choices',
  state: 'regulation.type.state',
  states: 'regulation.type.states',
  language: 'regulation.type.language',
  textByState: 'regulation.type.textByState',
  file: 'regulation.type.file',
  list: 'regulation.type.listOf',
};

/** One entry each for whom a service can be applied for. */
const APPLIES_FOR: Readonly<Record<NonNullable<Service['appliesFor']> | 'herself' | 'byMandate', TextId>> = {
  herself: 'regulation.apply.words',
  byMandate: 'regulation.apply.byMandate',
  child: 'regulation.apply.child',
  organisation: 'regulation.apply.organisation',
};

/** One entry a verb of the platform. */
export const VERBS: Readonly<Record<StageVerb, TextId>> = {
  ask: 'regulation.verb.ask',
  fetchEvidence: 'regulation.verb.fetchEvidence',
  request: 'regulation.verb.request',
  assign: 'regulation.verb.assign',
  decide: 'regulation.verb.decide',
  confirm: 'regulation.verb.confirm',
  issue: 'regulation.verb.issue',
  notify: 'regulation.verb.notify',
};

/** Every service: who may apply and who decides, what is asked, how a case goes, when it is late. */
export const Services = ({ sheet, map }: { sheet: Sheet; map: (service: Service) => VNode }) => (
  <>
    {Object.values(sheet.agreement.services).map((service) => (
      <article key={service.name}>
        <h3>{sheet.text(service.title)}</h3>
        <p>{sheet.text(service.summary)}</p>
        <Terms sheet={sheet} service={service} />
        <h4>{sheet.say('regulation.fields')}</h4>
        <Fields sheet={sheet} service={service} />
        <h4>{sheet.say('regulation.journey')}</h4>
        <Pages sheet={sheet} service={service} />
        <h4>{sheet.say('regulation.stages')}</h4>
        <Stages sheet={sheet} service={service} />
        <Opinions sheet={sheet} service={service} />
        <Notices sheet={sheet} service={service} />
        <h4>{sheet.say('regulation.decision')}</h4>
        <Decision sheet={sheet} service={service} />
        <h4>{sheet.say('regulation.map')}</h4>
        {map(service)}
      </article>
    ))}
  </>
);

/** How long, and whether working days alone are counted. */
export const timeWords = ({ say, duration }: Sheet, { decide, days }: DecisionDeadline): string =>
  days === 'working' ? say('regulation.deadline.working', { time: duration(decide) }) : duration(decide);

function Terms({ sheet, service }: { sheet: Sheet; service: Service }) {
  const { agreement, say, text, duration, language } = sheet;
  const { decidedBy, deadline, actions, disclosure, document } = service;
  const each = statesWords(sheet.book, decidedBy.forEach.source);
  // The sentence holds a phrase: it is said around a mark, which the phrase then takes.
  const [before = '', after = ''] = say('regulation.decides.each', {
    role: roleName(sheet, decidedBy.role),
    states: '\uE000',
  }).split('\uE000');
  const issued = document === undefined ? undefined : agreement.documents[document];
  return (
    <Facts
      rows={[
        [
          say('regulation.apply'),
          say(APPLIES_FOR[service.appliesFor ?? (service.byMandate === undefined ? 'herself' : 'byMandate')]),
        ],
        [
          say('regulation.decides'),
          <span key={language}>
            {before}
            <Line phrase={each} />
            {after}
          </span>,
        ],
        [say('regulation.join'), say(`regulation.join.${decidedBy.join}`)],
        [say('regulation.deadline'), say('regulation.deadline.words', { time: timeWords(sheet, deadline) })],
        [
          say('regulation.silence'),
          [
            say(`regulation.silence.${deadline.silence}`),
            ...(deadline.article === undefined
              ? []
              : [say('regulation.silence.by', { article: articleTitle(sheet, deadline.article) })]),
          ].join(' '),
        ],
        ...(actions.correct === undefined
          ? []
          : [[say('regulation.correct'), correctionWords(sheet, actions.correct)] as const]),
        [say('regulation.keep'), duration(disclosure.keep)],
        ...(issued === undefined ? [] : [[say('regulation.issues'), text(issued.title)] as const]),
      ]}
    />
  );
}

const articleTitle = ({ agreement, text }: Sheet, id: string): string => text(agreement.articles[id]?.title ?? id);

function correctionWords(sheet: Sheet, { articles, request, confirmations }: CorrectAction): string {
  const { say } = sheet;
  return [
    say('regulation.correct.words', {
      articles: articles.map((id) => articleTitle(sheet, id)).join('; '),
      count: confirmations.count,
    }),
    ...(request === undefined ? [] : [say('regulation.correct.asked', { code: request })]),
  ].join(' ');
}

function Fields({ sheet, service }: { sheet: Sheet; service: Service }) {
  const { say, text } = sheet;
  const lists = new Map(
    Object.values(service.fields).flatMap(({ name, list }) =>
      Object.values(list?.fields ?? {}).map((part) => [part, name] as const),
    ),
  );
  return (
    <Grid
      sheet={sheet}
      name={say('regulation.fields')}
      rows={Object.values(service.fields).flatMap((field) => [field, ...Object.values(field.list?.fields ?? {})])}
      columns={[
        {
          head: say('regulation.question'),
          cell: (field) => <span class={lists.has(field) ? 'depth-1' : undefined}>{text(field.text)}</span>,
        },
        { head: say('regulation.type'), cell: (field) => typeOf(field, sheet) },
        {
          head: say('regulation.required'),
          narrow: true,
          cell: ({ required }) => say(`regulation.signature.${required ? 'yes' : 'no'}`),
        },
        {
          head: say('regulation.condition'),
          cell: (field) => <Conditions sheet={sheet} field={field} list={lists.get(field)} />,
        },
        { head: say('regulation.name'), cell: ({ name }) => <code>{name}</code> },
      ]}
    />
  );
}

const typeOf = ({ type, maxLength }: Field, { say }: Sheet): string =>
  type === 'text' ? say('regulation.type.textTo', { count: maxLength }) : say(FIELD_TYPES[type]);

/** What an answer must be: options, bounds, and conditions in words. */
function Conditions({ sheet, field, list }: { sheet: Sheet; field: Field; list: string | undefined }) {
  const { say, book } = sheet;
  const words = (source: string) =>
    list === undefined ? expressionWords(book, source) : thingWords(book, source, list);
  const { among, when, valid, file } = field;
  const conditions: [TextId, string | undefined][] = [
    ['regulation.when', when?.source],
    ['regulation.among', among?.source],
    ['regulation.valid', valid?.test.source],
    ['regulation.field.sentTo', file?.sentTo?.source],
  ];
  return (
    <>
      <Lines lines={boundsOf(sheet, field)} />
      {conditions.map(([id, source]) =>
        source === undefined ? null : (
          <div key={id}>
            {say(id)} <Line phrase={inline(words(source))} />
          </div>
        ),
      )}
    </>
  );
}

function boundsOf({ say, text }: Sheet, { options, unit, decimals, file, list }: Field): string[] {
  const size = (bytes: number): string =>
    bytes % 1_000_000 === 0
      ? say('common.size.MB', { number: bytes / 1_000_000 })
      : say('common.size.kB', { number: bytes / 1_000 });
  return [
    ...(options === undefined
      ? []
      : [say('regulation.options', { options: Object.values(options).map(text).join(', ') })]),
    ...(unit === undefined ? [] : [say('regulation.field.unit', { unit: text(unit) })]),
    ...(decimals === undefined ? [] : [say('regulation.field.decimals', { count: decimals })]),
    ...(file === undefined
      ? []
      : [say('regulation.field.file', { kinds: file.kinds.join(', ').toUpperCase(), size: size(file.largest) })]),
    ...(list === undefined
      ? []
      : [say('regulation.field.things', { item: text(list.item), least: list.least, most: list.most })]),
  ];
}

function Pages({ sheet, service }: { sheet: Sheet; service: Service }) {
  const { say, text, book } = sheet;
  return (
    <>
      <p>{say('regulation.journey.words')}</p>
      <ol>
        {service.form.map(({ name, title, fields, when }) => (
          <li key={name}>
            <b>{text(title)}</b>
            <ul>
              {fields.map((field) => (
                <li key={field}>{text(service.fields[field]?.text ?? field)}</li>
              ))}
            </ul>
            {when === undefined ? null : (
              <div class="words">
                {say('regulation.when')} <Line phrase={inline(expressionWords(book, when.source))} />
              </div>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

const Stages = ({ sheet, service }: { sheet: Sheet; service: Service }) => (
  <Grid
    sheet={sheet}
    name={sheet.say('regulation.stages')}
    rows={service.stages}
    columns={[
      { head: sheet.say('regulation.stage'), cell: ({ title }) => sheet.text(title) },
      { head: sheet.say('regulation.verb'), cell: ({ verb }) => sheet.say(VERBS[verb]) },
      { head: sheet.say('regulation.by'), cell: (stage) => <Lines lines={byWhom(sheet, service, stage)} /> },
    ]}
  />
);

/** Which opinions officers of other authorities are asked for, by which transaction, and what they are shown of the case. */
function Opinions({ sheet, service }: { sheet: Sheet; service: Service }) {
  const { agreement, say, text, book } = sheet;
  const rows = service.stages.flatMap(({ title, requests }) => {
    const type = agreement.evidence[requests?.evidence ?? ''];
    return requests === undefined || type === undefined ? [] : [{ title, requests, type }];
  });
  if (rows.length === 0) return null;
  return (
    <>
      <h4>{say('regulation.opinions')}</h4>
      <Grid
        sheet={sheet}
        name={say('regulation.opinions')}
        rows={rows}
        columns={[
          {
            head: say('regulation.stage'),
            cell: ({ title, type }) => (
              <>
                {text(title)} <code>{type.transaction}</code>
              </>
            ),
          },
          { head: say('regulation.to'), cell: ({ type }) => <Line phrase={statesWords(book, type.from.source)} /> },
          ...(rows.every(({ requests }) => requests.when === undefined)
            ? []
            : [
                {
                  head: say('regulation.condition'),
                  cell: ({ requests }: (typeof rows)[number]) =>
                    requests.when === undefined ? (
                      ''
                    ) : (
                      <Line phrase={inline(expressionWords(book, requests.when.source))} />
                    ),
                },
              ]),
          {
            head: say('regulation.carries'),
            cell: ({ requests }) =>
              Object.entries(requests.carries).map(([name, { value, label }]) => (
                <div key={name}>
                  {text(label)}: <Line phrase={inline(expressionWords(book, value.source))} />
                </div>
              )),
          },
          {
            head: say('regulation.opinion.gives'),
            cell: ({ type }) => <Lines lines={Object.values(type.labels).map(text)} />,
          },
        ]}
      />
    </>
  );
}

/** What authorities of other states are told, by whom, and when. */
function Notices({ sheet, service }: { sheet: Sheet; service: Service }) {
  const { say, text, book } = sheet;
  const rows = service.stages.flatMap((stage) => (stage.sends === undefined ? [] : [{ stage, sends: stage.sends }]));
  const words = (source: string) => <Line phrase={inline(expressionWords(book, source))} />;
  if (rows.length === 0) return null;
  return (
    <>
      <h4>{say('regulation.notices')}</h4>
      <Grid
        sheet={sheet}
        name={say('regulation.notices')}
        rows={rows}
        columns={[
          {
            head: say('regulation.stage'),
            cell: ({ stage, sends }) => (
              <>
                {text(stage.title)} <code>{sends.transaction}</code>
              </>
            ),
          },
          { head: say('regulation.to'), cell: ({ sends }) => <Line phrase={statesWords(book, sends.to.source)} /> },
          {
            head: say('regulation.condition'),
            cell: ({ sends }) => (sends.when === undefined ? '' : words(sends.when.source)),
          },
          ...(rows.every(({ sends }) => sends.status === undefined)
            ? []
            : [
                {
                  head: say('regulation.notice.status'),
                  cell: ({ sends }: (typeof rows)[number]) =>
                    sends.status === undefined ? '' : words(sends.status.source),
                },
              ]),
          {
            head: say('regulation.carries'),
            cell: ({ sends }) =>
              Object.entries(sends.carries).map(([name, { value, label }]) => (
                <div key={name}>
                  {text(label)}: {words(value.source)}
                </div>
              )),
          },
          {
            head: say('regulation.notice.asks'),
            cell: ({ sends }) => <Lines lines={Object.values(sends.asks).map((field) => text(field.text))} />,
          },
        ]}
      />
    </>
  );
}

/** Who acts in a stage, and how many must agree; line by line where the states want different numbers. */
export function byWhom(
  { agreement, say, states }: Sheet,
  service: Service,
  { name, by, confirmations }: Stage,
): string[] {
  if (confirmations === undefined) return [say(`regulation.by.${by}`)];
  const wanted = Map.groupBy(agreement.parties, (party) => {
    const own = stagesFor(agreement, service.name, party).find((stage) => stage.name === name);
    return own?.confirmations?.count ?? confirmations.count;
  });
  const lines = [...wanted].sort(([one], [other]) => one - other);
  return lines.map(([count, parties]) => {
    const words = say('regulation.confirmations', { count });
    return lines.length === 1 ? words : `${states(parties)}: ${words}`;
  });
}

function Decision({ sheet, service }: { sheet: Sheet; service: Service }) {
  const { agreement, say, text } = sheet;
  const { outcome, rules } = service.decision;
  const title = (name: string): string => text(agreement.rules[name]?.title ?? name);
  return (
    <>
      <p>
        {say('regulation.decision.outcome', { rule: title(outcome) })} {say('regulation.decision.undecided')}
      </p>
      <p>{say('regulation.decision.order')}</p>
      <ol class="columns">
        {rules.map((name) => (
          <li key={name}>
            <a href={`#rule-${name}`}>{title(name)}</a>
          </li>
        ))}
      </ol>
    </>
  );
}
