import type { EvidenceType, Service, StageVerb } from '../../types.ts';
import { roleName } from '../exchange.tsx';
import { byWhom, VERBS } from '../services.tsx';
import type { Sheet } from '../sheet.ts';
import { inline, plain } from '../wording/phrase.ts';
import { expressionWords, statesWords } from '../wording/rule-words.ts';

/** What a step looks like. */
export type StepKind = 'page' | 'ask' | 'evidence' | 'send' | 'stage' | 'outcome' | 'receive' | 'notice';

/** One step of a service, in the lane of the role that takes it. */
export interface Step {
  lane: string;
  kind: StepKind;
  /** Which step it is, above its title. */
  caption?: string;
  title: string;
  lines: readonly string[];
  /** The step is taken only then; else it is passed by. */
  condition?: string;
  /** A time that runs. */
  clock?: string;
}

export interface Lane {
  id: string;
  title: string;
}

export interface Journey {
  title: string;
  lanes: readonly Lane[];
  steps: readonly Step[];
  /** The steps from `first` to `last` happen in each deciding state. */
  repeated?: { first: number; last: number; title: string };
}

/** The same in two pictures, each with the lanes that it needs: up to the application, and what comes of it. One fits a page of paper. */
export function halvesOf({ title, lanes, steps, repeated }: Journey): Journey[] {
  if (repeated === undefined) return [{ title, lanes, steps }];
  const { first, last } = repeated;
  const half = (own: readonly Step[]) => ({
    ...{ title, steps: own },
    lanes: lanes.filter(({ id }) => own.some(({ lane }) => lane === id)),
  });
  return [
    half(steps.slice(0, first)),
    { ...half(steps.slice(first)), repeated: { ...repeated, first: 0, last: last - first } },
  ];
}

const APPLICANT = 'applicant';

/** Lanes and steps of a service, from the first page to the document. */
export function journeyOf(sheet: Sheet, service: Service): Journey {
  const { agreement, say, text } = sheet;
  const home = agreement.transactions[service.claim]?.from ?? '';
  const evidence = service.evidence.flatMap((name) => agreement.evidence[name] ?? []);
  const fetched = evidence.filter(({ opinion }) => !opinion);
  const before = [
    ...pageSteps(sheet, service),
    ...(fetched.length === 0 ? [] : [askStep(sheet, home)]),
    ...fetched.map((type) => evidenceStep(sheet, type)),
    { lane: APPLICANT, kind: 'send' as const, title: say('regulation.map.check'), lines: [] },
    {
      ...{ lane: home, kind: 'send' as const, caption: service.claim },
      ...{ title: say('regulation.map.send'), lines: [say('regulation.map.filed')] },
    },
  ];
  const inCase = [...stageSteps(sheet, service), outcomeStep(sheet, service)];
  const roles = [home, ...evidence.map(({ servedBy }) => servedBy), service.decidedBy.role];
  return {
    title: text(service.title),
    lanes: [
      { id: APPLICANT, title: say('regulation.map.applicant') },
      ...[...new Set(roles)].map((role) => ({ id: role, title: roleName(sheet, role) })),
    ],
    steps: [...before, ...inCase, ...afterSteps(sheet, service)],
    repeated: {
      first: before.length,
      last: before.length + inCase.length - 1,
      title: say('regulation.map.eachState'),
    },
  };
}

const sayExpression = ({ book }: Sheet, source: string): string => plain(inline(expressionWords(book, source)));

const pageSteps = (sheet: Sheet, { form, fields }: Service): Step[] =>
  form.map(({ title, fields: names, when }, index) => ({
    lane: APPLICANT,
    kind: 'page',
    caption: sheet.say('regulation.map.page', { number: index + 1 }),
    title: sheet.text(title),
    lines: names.map((name) => sheet.text(fields[name]?.text ?? name)),
    ...(when === undefined
      ? {}
      : { condition: sheet.say('regulation.map.if', { condition: sayExpression(sheet, when.source) }) }),
  }));

const askStep = ({ say }: Sheet, lane: string): Step => ({
  ...{ lane, kind: 'ask', title: say('regulation.map.ask') },
  lines: [say('portal.service.step.evidence')],
});

function evidenceStep(sheet: Sheet, { title, from, ground, servedBy, transaction }: EvidenceType): Step {
  const { agreement, say, text, duration } = sheet;
  const respond = agreement.transactions[transaction]?.timers.respond;
  return {
    ...{ lane: servedBy, kind: 'evidence', caption: transaction, title: text(title) },
    lines: [
      `${say('regulation.askedOf')}: ${plain(statesWords(sheet.book, from.source))}`,
      say(ground.kind === 'consent' ? 'regulation.map.consent' : 'regulation.map.law'),
    ],
    ...(respond === undefined ? {} : { clock: say('regulation.map.within', { time: duration(respond) }) }),
  };
}

/** What the applicant meets of a stage is said once, at the end. */
const SHOWN_AFTER: readonly StageVerb[] = ['issue', 'notify'];

function stageSteps(sheet: Sheet, service: Service): Step[] {
  const { stages, decidedBy, deadline } = service;
  const { say, text, duration } = sheet;
  return stages
    .filter(({ verb }) => !SHOWN_AFTER.includes(verb))
    .flatMap((stage, index): Step[] => {
      const opinion = sheet.agreement.evidence[stage.requests?.evidence ?? ''];
      const step: Step = {
        lane: decidedBy.role,
        kind: 'stage',
        title: text(stage.title),
        lines: [say(VERBS[stage.verb]), ...byWhom(sheet, service, stage)],
        ...(index > 0 ? {} : { clock: say('regulation.map.clock', { time: duration(deadline.decide) }) }),
      };
      return opinion === undefined ? [step] : [step, evidenceStep(sheet, opinion)];
    });
}

function outcomeStep(sheet: Sheet, { decidedBy, deadline, decision }: Service): Step {
  const { agreement, say, text } = sheet;
  const words = Object.values(agreement.rules[decision.outcome]?.words ?? {}).map(text);
  const plainWords = (['granted', 'partly', 'refused'] as const).map((one) => say(`common.outcome.${one}`));
  return {
    lane: decidedBy.role,
    kind: 'outcome',
    title: say('regulation.map.outcome'),
    lines: [
      ...(words.length === 0 ? plainWords : words).map((word) => `• ${word}`),
      `${say('regulation.silence')}: ${say(`regulation.silence.${deadline.silence}`)}`,
    ],
  };
}

function afterSteps(sheet: Sheet, { document, stages, decidedBy }: Service): Step[] {
  const { agreement, say, text } = sheet;
  const issued = document === undefined ? undefined : agreement.documents[document];
  return [
    {
      ...{ lane: APPLICANT, kind: 'receive', title: say('regulation.map.receive') },
      lines: issued === undefined ? [] : [say('regulation.map.document', { name: text(issued.title) })],
    },
    ...stages.flatMap(({ title, sends }): Step[] =>
      sends === undefined
        ? []
        : [
            {
              ...{ lane: decidedBy.role, kind: 'notice', caption: sends.transaction, title: text(title) },
              lines: [`${say('regulation.to')}: ${plain(statesWords(sheet.book, sends.to.source))}`],
              ...(sends.when === undefined
                ? {}
                : { condition: say('regulation.map.if', { condition: sayExpression(sheet, sends.when.source) }) }),
            },
          ],
    ),
  ];
}
