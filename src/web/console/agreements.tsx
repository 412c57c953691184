import {
  type Agreement,
  type Change,
  type ContractVersion,
  classifyChanges,
  contractInCommon,
  type EditionHead,
  editionHeads,
  type HeldWord,
  listPrepared,
  type Prepared,
  runScenarios,
  type ScenarioResult,
  wordsOf,
} from '../../agreements/index.ts';
import { today } from '../../calendar/index.ts';
import { Failure, type PlainDate } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { textOf } from '../shown/agreement-words.ts';
import { Details, Empty, Notification, Table, Tag, type View } from '../ui/index.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

/** One agreement as this node knows it. */
export interface ShownAgreement {
  name: string;
  /** What runs today: the newest contract that all its parties have in common. */
  runs: ContractVersion | undefined;
  editions: readonly EditionHead[];
  words: readonly (HeldWord & { state: string })[];
  parties: readonly string[];
}

/** What designers and whoever ratifies look at: which version runs where, what differs, and what the scenarios say. */
export function addAgreements(pages: Pages): void {
  addPlace(pages, 'get', '/console/agreements', 'agreement.read', async ({ ctx, view, session }) => {
    const [shown, waiting] = [await allAgreements(ctx), await listPrepared(ctx.db)];
    return page(<AgreementsPage view={view} places={placesOf(ctx, session)} agreements={shown} waiting={waiting} />);
  });
  addPlace(
    pages,
    'get',
    '/console/agreements/:name',
    'agreement.read',
    async ({ ctx, view, session, params, query }) => {
      const shown = (await allAgreements(ctx)).find(({ name }) => name === params.name);
      const newest = ctx.agreements.newest(params.name ?? '');
      if (shown === undefined || newest === undefined) throw new Failure('WEB_PAGE_NOT_FOUND');
      const versions = ctx.agreements.versions(shown.name).map(({ contract }) => contract);
      const pick = (wanted: string | undefined, otherwise: string | undefined) =>
        versions.find((contract) => contract === wanted) ?? otherwise;
      const [to, from] = [pick(query.to, versions[0]), pick(query.from, versions[1])];
      const [before, after] = [from, to].map((one) => (one === undefined ? undefined : ctx.agreements.byContract(one)));
      const changes =
        before === undefined || after === undefined || before === after ? undefined : classifyChanges(before, after);
      const scenarios = query.scenarios === '1' ? resultsOf(newest) : undefined;
      const difference = { from, to, changes };
      return page(
        <AgreementPage view={view} places={placesOf(ctx, session)} {...{ shown, newest, difference, scenarios }} />,
      );
    },
  );
}

/** By agreement: what a digest names never changes, so its scenarios go once. */
const results = new WeakMap<Agreement, ScenarioResult[]>();

function resultsOf(agreement: Agreement): ScenarioResult[] {
  const known = results.get(agreement) ?? runScenarios(agreement);
  results.set(agreement, known);
  return known;
}

async function allAgreements({ db, clock, trust, agreements }: WebContext): Promise<ShownAgreement[]> {
  const day: PlainDate = today(clock, trust.self);
  const heads = await editionHeads(db);
  return [...new Set(heads.map(({ agreement }) => agreement))].sort().map((name) => {
    const versions = agreements.versions(name);
    const parties = [...new Set(versions.flatMap((version) => version.parties))].sort();
    return {
      name,
      runs: contractInCommon(versions, trust, name, day),
      editions: heads.filter(({ agreement }) => agreement === name),
      words: parties.flatMap((state) =>
        wordsOf(trust, { state, agreement: name, day }).map((word) => ({ ...word, state })),
      ),
      parties,
    };
  });
}

const short = (digest: string): string => digest.slice(0, 12);

export function AgreementsPage({
  view,
  places,
  agreements,
  waiting,
}: {
  view: View;
  places: readonly Place[];
  agreements: readonly ShownAgreement[];
  waiting: readonly Prepared[];
}) {
  const { say } = view;
  return (
    <Frame view={view} places={places} title={say('console.agreements.title')} lead={say('console.agreements.lead')}>
      {waiting.map(({ id, preparedBy: by }) => (
        <Notification key={id} tone="info" title={say('console.agreements.waiting', { by })}>
          <code class="cw-code">{`./commonway approve ${id.slice(0, 8)} --state ${view.state}`}</code>
        </Notification>
      ))}
      {agreements.length === 0 ? (
        <Empty icon="document" title={say('console.agreements.none')} />
      ) : (
        <Table
          caption={say('console.agreements.caption')}
          columns={[
            { title: say('console.agreements.agreement') },
            { title: say('console.agreements.runs') },
            { title: say('console.agreements.parties') },
            { title: say('console.agreements.versions'), number: true },
          ]}
          rows={agreements.map(({ name, runs, parties, editions }) => [
            <a key="name" href={`/console/agreements/${name}`}>
              {name}
            </a>,
            <Runs key="runs" view={view} runs={runs} />,
            view.list(parties.map(view.stateName)),
            view.number(editions.length),
          ])}
        />
      )}
    </Frame>
  );
}

function Runs({ view, runs }: { view: View; runs: ContractVersion | undefined }) {
  if (runs === undefined)
    return (
      <Tag tone="warning" icon="alert">
        {view.say('console.agreements.nothingRuns')}
      </Tag>
    );
  return (
    <>
      <Tag tone="success" icon="check">
        {runs.version}
      </Tag>{' '}
      <code>{short(runs.contract)}</code>
    </>
  );
}

export function AgreementPage({
  view,
  places,
  shown,
  newest,
  difference,
  scenarios,
}: {
  view: View;
  places: readonly Place[];
  shown: ShownAgreement;
  newest: Agreement;
  difference: { from: string | undefined; to: string | undefined; changes: readonly Change[] | undefined };
  /** Undefined until they are asked for. */
  scenarios: readonly ScenarioResult[] | undefined;
}) {
  const { say } = view;
  const versionOf = (contract: string) =>
    shown.editions.find((one) => one.contract === contract)?.version ?? short(contract);
  return (
    <Frame view={view} places={places} title={shown.name} back="/console/agreements">
      <Runs view={view} runs={shown.runs} />
      <Table
        caption={say('console.agreements.words')}
        columns={[
          { title: say('console.states.state') },
          { title: say('console.agreements.version') },
          { title: say('console.agreements.from') },
          { title: say('console.agreements.until') },
        ]}
        rows={shown.words.map(({ state, contract, from, until }) => [
          view.stateName(state),
          `${versionOf(contract)} (${short(contract)})`,
          view.date(from),
          until === undefined ? '–' : view.date(until),
        ])}
      />
      <Table
        caption={say('console.agreements.editions')}
        columns={[
          { title: say('console.when') },
          { title: say('console.agreements.version') },
          { title: say('console.agreements.contract') },
          { title: say('console.agreements.publisher') },
        ]}
        rows={shown.editions.map(({ version, contract, agency, issued }) => [
          view.date(issued),
          version,
          <code key="contract">{short(contract)}</code>,
          view.agencyName(agency),
        ])}
      />
      <Differences view={view} {...difference} versionOf={versionOf} />
      <h2>{say('console.agreements.services')}</h2>
      <ul>
        {Object.values(newest.services).map(({ name, title }) => (
          <li key={name}>
            {textOf(view, newest, title)}:{' '}
            <a href={`/services/${shown.name}/${name}`}>{say('console.agreements.page')}</a>,{' '}
            <a href={`/services/${shown.name}/${name}/regulation`}>{say('console.agreements.regulation')}</a>,{' '}
            <a href={`/services/${shown.name}/${name}/journey.svg`}>{say('console.agreements.journey')}</a>
          </li>
        ))}
      </ul>
      <h2>{say('console.agreements.scenarios')}</h2>
      {scenarios === undefined ? (
        <p>
          <a href={`/console/agreements/${shown.name}?scenarios=1`}>
            {say('console.agreements.run', { count: newest.scenarios.length })}
          </a>
        </p>
      ) : (
        <Scenarios view={view} results={scenarios} />
      )}
    </Frame>
  );
}

function Differences({
  view,
  from,
  to,
  changes,
  versionOf,
}: {
  view: View;
  from: string | undefined;
  to: string | undefined;
  changes: readonly Change[] | undefined;
  versionOf(contract: string): string;
}) {
  if (changes === undefined || from === undefined || to === undefined) return null;
  const { say } = view;
  return (
    <Table
      caption={say('console.agreements.difference', { from: versionOf(from), to: versionOf(to) })}
      columns={[
        { title: say('console.agreements.change') },
        { title: say('console.agreements.drafts') },
        { title: say('console.agreements.examined') },
      ]}
      rows={changes.map(({ kind, what, state, drafts, examined }) => [
        `${state === undefined ? '' : `${view.stateName(state)}: `}${say(`agreement.change.${kind}`, { what })}`,
        say(`agreement.drafts.${drafts}`),
        say(`agreement.examined.${examined}`),
      ])}
    />
  );
}

function Scenarios({ view, results: all }: { view: View; results: readonly ScenarioResult[] }) {
  const failed = all.filter(({ differences }) => differences.length > 0);
  return (
    <>
      <Notification tone={failed.length === 0 ? 'success' : 'danger'}>
        <p>{view.say('console.agreements.held', { held: all.length - failed.length, all: all.length })}</p>
      </Notification>
      {failed.map(({ name, differences }) => (
        <Details key={name} summary={name} open>
          <ul>
            {differences.map(({ path }) => (
              <li key={path}>
                <code>{path}</code>
              </li>
            ))}
          </ul>
        </Details>
      ))}
    </>
  );
}
