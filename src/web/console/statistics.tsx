import type { Agreement } from '../../agreements/index.ts';
import { type DraftFigures, draftFigures } from '../../applications/index.ts';
import { type CaseCounts, caseCounts, type DecisionFigures, decisionFigures } from '../../cases/index.ts';
import { addMilliseconds, type Instant } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { textOf } from '../shown/agreement-words.ts';
import { BarChart, ButtonLink, Empty, Table, type View } from '../ui/index.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

const QUARTER_MS = 90 * 86_400_000;

/** What the page and its table for other programs show: of the last ninety days. */
export interface Statistics {
  since: Instant;
  cases: CaseCounts[];
  decisions: DecisionFigures[];
  drafts: DraftFigures[];
}

/** Cases, times, outcomes, and where people stop. Counts only; where few are decided nothing is told that would be one person's. */
export function addStatistics(pages: Pages): void {
  addPlace(pages, 'get', '/console/statistics', 'statistics.read', async ({ ctx, view, session }) => {
    const statistics = await statisticsOf(ctx);
    const newest = (name: string) => ctx.agreements.newest(name);
    return page(<StatisticsPage view={view} places={placesOf(ctx, session)} {...{ statistics, newest }} />);
  });
  addPlace(pages, 'get', '/console/statistics.csv', 'statistics.read', async ({ ctx }) => ({
    kind: 'file',
    body: csvOf(await statisticsOf(ctx)),
    type: 'text/csv; charset=utf-8',
    name: `statistics-${ctx.trust.self}-${ctx.clock.now().slice(0, 10)}.csv`,
  }));
}

async function statisticsOf(ctx: WebContext): Promise<Statistics> {
  const since = addMilliseconds(ctx.clock.now(), -QUARTER_MS);
  const [cases, decisions, drafts] = await Promise.all([
    caseCounts(ctx.db, since),
    decisionFigures(ctx.db, since),
    draftFigures(ctx, since),
  ]);
  return { since, cases, decisions, drafts };
}

/** One number a line, under names that stay. */
export function csvOf({ cases, decisions, drafts }: Statistics): string {
  const lines: (string | number)[][] = [
    ['figure', 'agreement', 'service', 'agency', 'of', 'value'],
    ...cases.flatMap(({ agreement, service, agency, received, open, outcomes }) => [
      ['cases-received', agreement, service, agency, '', received],
      ['cases-open', agreement, service, agency, '', open],
      ...Object.entries(outcomes ?? {}).map(([outcome, count]) => [
        ...['cases-decided', agreement, service, agency, outcome],
        count ?? 0,
      ]),
    ]),
    ...decisions.flatMap(({ agreement, service, agency, medianDays, mostDays }) =>
      medianDays === null || mostDays === null
        ? []
        : [
            ['days-to-decision', agreement, service, agency, 'median', medianDays],
            ['days-to-decision', agreement, service, agency, 'nine-of-ten', mostDays],
          ],
    ),
    ...drafts.flatMap(({ agreement, service, begun, sent, stopped }) => [
      ['drafts-begun', agreement, service, '', '', begun],
      ['drafts-sent', agreement, service, '', '', sent],
      ...stopped.map((stop) => ['drafts-stopped', agreement, service, '', stop.page, stop.drafts]),
    ]),
  ];
  return `${lines.map((line) => line.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

/** RFC 4180; every name is of an agreement, so nothing begins with what a spreadsheet would run. */
const cellOf = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

export function StatisticsPage({
  view,
  places,
  statistics: { since, cases, decisions, drafts },
  newest,
}: {
  view: View;
  places: readonly Place[];
  statistics: Statistics;
  newest(agreement: string): Agreement | undefined;
}) {
  const { say } = view;
  const titleOf = ({ agreement, service }: { agreement: string; service: string }): string => {
    const known = newest(agreement);
    const found = known?.services[service];
    return known === undefined || found === undefined ? service : textOf(view, known, found.title);
  };
  const nothing = cases.length + drafts.length === 0;
  return (
    <Frame
      view={view}
      places={places}
      title={say('console.statistics.title')}
      lead={say('console.statistics.lead', { since: view.date(since.slice(0, 10)) })}
    >
      {nothing ? <Empty icon="clock" title={say('console.statistics.none')} /> : null}
      {cases.length === 0 ? null : (
        <section>
          <h2>{say('console.statistics.cases')}</h2>
          <BarChart bars={cases.map((row) => ({ label: titleOf(row), value: row.received }))} format={view.number} />
          <Table
            caption={say('console.statistics.cases.caption')}
            columns={[
              { title: say('console.statistics.service') },
              { title: say('console.statistics.agency') },
              { title: say('console.statistics.received'), number: true },
              { title: say('console.statistics.open'), number: true },
              ...OUTCOMES.map((outcome) => ({ title: say(`common.outcome.${outcome}`), number: true })),
              { title: say('console.statistics.half'), number: true },
            ]}
            rows={cases.map((row) => [
              titleOf(row),
              view.agencyName(row.agency),
              view.number(row.received),
              view.number(row.open),
              ...OUTCOMES.map((outcome) => (row.outcomes === null ? '–' : view.number(row.outcomes[outcome] ?? 0))),
              halfOf(view, decisions, row),
            ])}
          />
        </section>
      )}
      {drafts.map((row) => (
        <section key={`${row.agreement}/${row.service}`}>
          <h2>{say('console.statistics.stopped', { service: titleOf(row) })}</h2>
          <p>{say('console.statistics.sent', { begun: row.begun, sent: row.sent })}</p>
          {row.stopped.length === 0 ? null : (
            <>
              <BarChart
                bars={row.stopped.map(({ page: name, drafts: value }) => ({
                  label: pageTitle(view, newest(row.agreement), row.service, name),
                  value,
                }))}
                format={view.number}
              />
              <Table
                caption={say('console.statistics.pages')}
                about={titleOf(row)}
                columns={[
                  { title: say('console.statistics.page') },
                  { title: say('console.statistics.drafts'), number: true },
                ]}
                rows={row.stopped.map(({ page: name, drafts: count }) => [
                  pageTitle(view, newest(row.agreement), row.service, name),
                  view.number(count),
                ])}
              />
            </>
          )}
        </section>
      ))}
      {nothing ? null : (
        <p>
          <ButtonLink href="/console/statistics.csv" kind="secondary">
            {say('console.statistics.csv')}
          </ButtonLink>
        </p>
      )}
      <p class="cw-subtle cw-small">{say('console.statistics.privacy')}</p>
    </Frame>
  );
}

const OUTCOMES = ['granted', 'partly', 'refused'] as const;

function halfOf(view: View, decisions: readonly DecisionFigures[], { agreement, service, agency }: CaseCounts): string {
  const found = decisions.find(
    (row) => row.agreement === agreement && row.service === service && row.agency === agency,
  );
  const days = found?.medianDays ?? null;
  return days === null ? '–' : view.say('portal.figures.days', { days: Math.round(days * 10) / 10 });
}

function pageTitle(view: View, agreement: Agreement | undefined, service: string, name: string): string {
  if (name === 'evidence') return view.say('console.statistics.evidence');
  const found = agreement?.services[service]?.form.find((one) => one.name === name);
  return agreement === undefined || found === undefined ? name : textOf(view, agreement, found.title);
}
