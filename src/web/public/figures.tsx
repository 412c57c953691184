import type { Agreement, Service } from '../../agreements/index.ts';
import { type DecisionFigures, decisionFigures } from '../../cases/index.ts';
import { type AnswerFigures, answerFigures } from '../../exchange/index.ts';
import { addMilliseconds, type Instant } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { textOf } from '../shown/agreement-words.ts';
import { Empty, Layout, PageHeading, Table, type View } from '../ui/index.ts';

const YEAR_MS = 365 * 86_400_000;
const KEPT_MS = 10 * 60_000;

/** What the page shows: of the last year. */
export interface ShownFigures {
  since: Instant;
  decisions: (DecisionFigures & { agreementNow: Agreement | undefined; serviceNow: Service | undefined })[];
  answers: AnswerFigures[];
}

/** `GET /figures`: how fast agencies decide and answer, for anybody. Nothing that tells of a person, and no number for its own sake. */
export function addFigures(pages: Pages): void {
  pages.anybody.get('/figures', async ({ ctx, view }) => {
    const { since, decided, answers } = await countedNow(ctx);
    const decisions = decided.map((row) => {
      const agreementNow = ctx.agreements.newest(row.agreement);
      return { ...row, agreementNow, serviceNow: agreementNow?.services[row.service] };
    });
    return page(<FiguresPage view={view} figures={{ since, decisions, answers }} />);
  });
}

interface Counted {
  since: Instant;
  decided: DecisionFigures[];
  answers: AnswerFigures[];
}

/** Counting goes over a year of cases, and anybody may ask: it is done once in ten minutes, whoever asks meanwhile waits for it or has it. */
const counted = new WeakMap<object, { at: number; figures: Promise<Counted> }>();

function countedNow({ db, clock }: Pick<WebContext, 'db' | 'clock'>): Promise<Counted> {
  const now = clock.now();
  const known = counted.get(db);
  if (known !== undefined && Date.parse(now) - known.at < KEPT_MS) return known.figures;
  const since = addMilliseconds(now, -YEAR_MS);
  const figures = Promise.all([decisionFigures(db, since), answerFigures(db, 'fetchEvidence', since)]).then(
    ([decided, answers]) => ({ since, decided, answers }),
  );
  counted.set(db, { at: Date.parse(now), figures });
  figures.catch(() => counted.delete(db));
  return figures;
}

/** How fast agencies of this state decide, and those of all states answer. */
export function FiguresPage({ view, figures: { since, decisions, answers } }: { view: View; figures: ShownFigures }) {
  const { say } = view;
  const few = say('portal.figures.few');
  const days = (value: number | null) => (value === null ? few : say('portal.figures.days', { days: rounded(value) }));
  const seconds = (value: number | null) =>
    value === null ? few : say('portal.figures.seconds', { seconds: rounded(value) });
  const day = (value: Instant | null) => (value === null ? few : view.date(value.slice(0, 10)));
  const part = (value: number | null) =>
    value === null ? few : say('portal.figures.percent', { percent: Math.floor(value * 100) });
  return (
    <Layout view={view} title={say('portal.figures.title')} wide>
      <PageHeading caption={view.stateName(view.state)} lead={say('portal.figures.lead', { since: day(since) })}>
        {say('portal.figures.title')}
      </PageHeading>
      {decisions.length + answers.length === 0 ? (
        <Empty icon="clock" title={say('portal.figures.nothing')}>
          <p>{say('portal.figures.nothing.words')}</p>
        </Empty>
      ) : null}
      {decisions.length === 0 ? null : (
        <Table
          caption={say('portal.figures.decisions')}
          columns={[
            { title: say('portal.figures.service') },
            { title: say('portal.figures.agency') },
            { title: say('portal.figures.decided'), number: true },
            { title: say('portal.figures.half'), number: true },
            { title: say('portal.figures.most'), number: true },
            { title: say('portal.figures.inTime'), number: true },
            { title: say('portal.figures.since') },
          ]}
          rows={decisions.map((row) => [
            row.agreementNow === undefined || row.serviceNow === undefined
              ? row.service
              : textOf(view, row.agreementNow, row.serviceNow.title),
            view.agencyName(row.agency),
            view.number(row.decided),
            days(row.medianDays),
            days(row.mostDays),
            part(row.inTime),
            day(row.since),
          ])}
        />
      )}
      {answers.length === 0 ? null : (
        <Table
          caption={say('portal.figures.answers')}
          columns={[
            { title: say('portal.figures.agency') },
            { title: say('portal.figures.answered'), number: true },
            { title: say('portal.figures.half'), number: true },
            { title: say('portal.figures.most'), number: true },
            { title: say('portal.figures.since') },
          ]}
          rows={answers.map((row) => [
            `${view.agencyName(row.agency)}, ${view.stateName(row.state)}`,
            view.number(row.answered),
            seconds(row.medianSeconds),
            seconds(row.mostSeconds),
            day(row.since),
          ])}
        />
      )}
      <p class="cw-subtle cw-small">{say('portal.figures.privacy')}</p>
    </Layout>
  );
}

/** One digit behind the point is as much as anybody reads. */
const rounded = (value: number): number => Math.round(value * 10) / 10;
