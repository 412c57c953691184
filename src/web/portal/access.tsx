import { accessProofFile } from '../../documents/index.ts';
import type { InclusionProof } from '../../ledger/index.ts';
import {
  type AccessCount,
  type AccessEntry,
  accessCounts,
  accessRecord,
  findAccess,
  missingNotices,
  type ReconciledDay,
} from '../../persons/index.ts';
import { Failure } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { groundWords } from '../shown/agreement-words.ts';
import {
  Details,
  Empty,
  Icon,
  Layout,
  Notification,
  PageHeading,
  SummaryList,
  Table,
  Tag,
  type View,
} from '../ui/index.ts';
import { ledgerTrust } from './ledger-trust.ts';

/** Entries on one page. */
const PAGE = 20;

/** The access record: each use of her data, with a proof that her own browser checks. */
export function addAccess(pages: Pages): void {
  pages.person.get('/access', async ({ ctx, view, actor, query }) => {
    const application = isUuid(query.application) ? query.application : undefined;
    const before = isUuid(query.before) ? query.before : undefined;
    const entries = await accessRecord(ctx, actor.person, {
      limit: PAGE + 1,
      ...(application === undefined ? {} : { application }),
      ...(before === undefined ? {} : { before }),
    });
    const counts = await accessCounts(ctx, actor.person);
    const missing = (await missingNotices(ctx.db)).filter(({ agency }) => counts.some((one) => one.agency === agency));
    const elsewhere = checksElsewhere(ctx);
    return page(<AccessPage {...{ view, ctx, entries, counts, missing, application, elsewhere }} />);
  });
  // What the browser's verifier reads: the logged entry, its proof, and whom this node believes.
  pages.person.get('/access/:id/proof.json', async ({ ctx, actor, params }) => {
    const { content, proof, state } = await getEntry(ctx, actor.person, params.id);
    const body = JSON.stringify({ content, proof, trust: ledgerTrust(ctx, state) });
    return { kind: 'text', body, type: 'application/json' };
  });
  // For everybody else: a sealed file that `commonway verify` and independent tools read.
  pages.person.get('/access/:id/proof', async ({ ctx, actor, params }) => {
    const { content, proof } = await getEntry(ctx, actor.person, params.id);
    const body = accessProofFile(ctx, { entry: content, proof });
    return { kind: 'file', body, type: 'application/json', name: `access-${content.id}.commonway.json` };
  });
}

const isUuid = (text: string | undefined): text is string => /^[0-9a-f-]{36}$/.test(text ?? '');

async function getEntry(
  ctx: WebContext,
  person: string,
  id: string | undefined,
): Promise<{ content: AccessEntry['content']; proof: InclusionProof; state: string }> {
  const entry = isUuid(id) ? await findAccess(ctx, person, id) : undefined;
  if (entry?.proof === undefined) throw new Failure('WEB_PAGE_NOT_FOUND');
  return { content: entry.content, proof: entry.proof, state: entry.state };
}

interface AccessPageProps {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  /** One more than is shown says that there are more. */
  entries: readonly AccessEntry[];
  counts: readonly AccessCount[];
  /** Days of agencies in her record of which their state counts more uses of our persons' data than it told. */
  missing: readonly ReconciledDay[];
  application?: string | undefined;
  /** Where other states check a saved proof, for anybody. */
  elsewhere: readonly { state: string; address: string }[];
}

const checksElsewhere = ({ trust }: WebContext): AccessPageProps['elsewhere'] =>
  trust
    .states()
    .filter((state) => state !== trust.self)
    .map((state) => ({ state, address: `${trust.manifest(state).endpoints.portal.replace(/\/$/, '')}/verify` }));

export function AccessPage({ view, ctx, entries, counts, missing, application, elsewhere }: AccessPageProps) {
  const { say } = view;
  const shown = entries.slice(0, PAGE);
  const last = entries.length > PAGE ? shown.at(-1)?.id : undefined;
  return (
    <Layout view={view} title={say('portal.access.title')} proofs>
      <PageHeading lead={say('portal.access.lead')}>{say('portal.access.title')}</PageHeading>
      {application === undefined ? null : (
        <p>
          {say('portal.access.one')} <a href="/access">{say('portal.access.all')}</a>
        </p>
      )}
      {shown.length === 0 ? (
        <Empty icon="eye" title={say('portal.access.none')}>
          <p>{say('portal.access.none.words')}</p>
        </Empty>
      ) : null}
      {shown.map((entry) => (
        <Entry key={entry.id} view={view} ctx={ctx} entry={entry} />
      ))}
      {last === undefined ? null : (
        <p>
          <a href={`/access?before=${last}${application === undefined ? '' : `&application=${application}`}`}>
            {say('portal.access.older')}
          </a>
        </p>
      )}
      {counts.length === 0 ? null : <Counts view={view} counts={counts} missing={missing} />}
      <Details summary={say('portal.access.how')}>
        <p>{say('portal.access.how.words')}</p>
        <p>{say('portal.access.how.complete')}</p>
        <p>{say('portal.access.how.elsewhere')}</p>
        {elsewhere.length === 0 ? null : (
          <>
            <p>{say('portal.access.how.where')}</p>
            {/* Addresses to copy, not links: no page of ours leads to another host. */}
            <SummaryList
              tight
              rows={elsewhere.map(({ state, address }) => ({ key: view.stateName(state), value: address }))}
            />
          </>
        )}
      </Details>
    </Layout>
  );
}

function Entry({ view, ctx, entry }: { view: View; ctx: AccessPageProps['ctx']; entry: AccessEntry }) {
  const { say } = view;
  return (
    <article class="cw-piece" data-state={entry.state}>
      <div class="cw-piece-head">
        <div>
          <h2>{view.agencyName(entry.caller?.agency ?? entry.agency)}</h2>
          <p>{`${view.stateName(entry.caller?.state ?? entry.state)}, ${view.date(entry.at)}`}</p>
        </div>
        <Proof view={view} entry={entry} />
      </div>
      <SummaryList
        tight
        rows={[
          { key: say('portal.access.purpose'), value: purposeWords(view, entry.purpose) },
          {
            key: say('common.evidence.ground'),
            value: groundWords(view, agreementOf(ctx, entry.ground.article), entry.ground),
          },
          {
            key: say(isErasure(entry.purpose) ? 'portal.access.fields.deleted' : 'portal.access.fields'),
            value: fieldWords(view, ctx, entry.fields),
          },
          { key: say('portal.access.who'), value: whoWords(view, entry) },
          ...(entry.service === undefined ? [] : [{ key: say('portal.access.given'), value: givenWords(view, entry) }]),
        ]}
      />
      {entry.application === null ? null : (
        <p class="cw-small">
          <a href={`/applications/${entry.application}`}>{say('portal.access.application')}</a>
        </p>
      )}
    </article>
  );
}

function whoWords({ say }: View, { actor, caller, purpose }: AccessEntry): string {
  if (caller !== undefined) {
    const { system, user } = caller;
    return user === null ? say('portal.access.system', { system }) : say('portal.access.system.user', { system, user });
  }
  if (actor !== null) return say('portal.access.officer', { officer: actor });
  return say(isDecision(purpose) ? 'portal.access.rules' : 'portal.access.machine');
}

/** Who gave the data that another authority's system asked for. */
function givenWords(view: View, { agency, state, service = '' }: AccessEntry): string {
  const words = { agency: view.agencyName(agency), state: view.stateName(state) };
  return view.say('portal.access.given.service', { ...words, service: service.split('/').slice(1).join('/') });
}

/** The state of the proof. The browser's verifier writes its own result into it; without scripts there is the file. */
function Proof({ view, entry }: { view: View; entry: AccessEntry }) {
  const { say } = view;
  if (!entry.proven) {
    return (
      <Tag tone="neutral" icon="clock">
        {say('portal.access.proof.waiting')}
      </Tag>
    );
  }
  return (
    <span class="cw-row">
      <span
        class="cw-proof"
        role="status"
        data-proof={`/access/${entry.id}/proof.json`}
        data-words-verified={say('portal.access.proof.verified')}
        data-words-unwitnessed={say('portal.access.proof.unwitnessed')}
        data-words-failed={say('portal.access.proof.failed')}
        data-words-checking={say('portal.access.proof.checking')}
        data-words-unable={say('portal.access.proof.unable')}
      >
        <Icon name="shield" />
        <span>{say('portal.access.proof.there')}</span>
      </span>
      <a class="cw-small" href={`/access/${entry.id}/proof`} download>
        {say('portal.access.proof.file')}
        <span class="cw-hide">{` ${view.agencyName(entry.agency)}, ${view.date(entry.at)}`}</span>
      </a>
    </span>
  );
}

function Counts({ view, counts, missing }: { view: View } & Pick<AccessPageProps, 'counts' | 'missing'>) {
  const { say } = view;
  const withheld = counts.some(({ counted, shown }) => shown < counted);
  return (
    <section class="cw-section">
      <h2>{say('portal.access.counts')}</h2>
      <p>{say('portal.access.counts.words')}</p>
      <Table
        caption={say('portal.access.counts.caption')}
        columns={[
          { title: say('portal.access.agency') },
          { title: say('portal.access.state') },
          { title: say('portal.access.counted'), number: true },
          { title: say('portal.access.shown'), number: true },
        ]}
        rows={counts.map(({ state, agency, counted, shown }) => [
          view.agencyName(agency),
          view.stateName(state),
          view.number(counted),
          view.number(shown),
        ])}
      />
      {withheld ? (
        <Notification tone="warning">
          <p>{say('portal.access.counts.differ')}</p>
        </Notification>
      ) : null}
      {[...Map.groupBy(missing, ({ agency }) => agency)].map(([agency, days]) => (
        <Notification key={agency} tone="warning">
          <p>
            {say('portal.access.counts.missing', {
              agency: view.agencyName(agency),
              state: view.stateName(days[0]?.state ?? ''),
              count: days.reduce((sum, day) => sum + day.missing, 0),
              days: view.list(days.slice(0, 10).map(({ day }) => view.date(day))),
            })}
          </p>
        </Notification>
      ))}
    </section>
  );
}

const agreementOf = (ctx: AccessPageProps['ctx'], article: string) =>
  ctx.agreements.all().find((one) => Object.hasOwn(one.articles, article));

/** A machine that takes the data of a case for its decision only proposes one: an officer confirms it. */
const isDecision = (purpose: string): boolean => purpose.endsWith('.decision');

/** What an authority kept was deleted: an entry as well, so that she sees what is gone and since when. */
const isErasure = (purpose: string): boolean => purpose.endsWith('.erasure');

/** Purposes are words of the platform (`register.correction`) or of an agreement. */
function purposeWords(view: View, purpose: string): string {
  return view.find(`common.purpose.${purpose.split('.').at(-1) ?? ''}`) ?? purpose;
}

/**
 * Fields as the agreement that has them calls them, those of one list behind its name ("Periods of work: from, to, employer"), in the
 * agreement's order; a path nobody names stays itself.
 */
function fieldWords(view: View, ctx: AccessPageProps['ctx'], fields: readonly string[]): string {
  if (fields.length === 0) return view.say('portal.access.fields.none');
  const lists = listsOf(view, ctx, fields);
  const grouped = new Set(lists.flatMap((list) => list.paths));
  const names = [...new Set(fields.filter((field) => !grouped.has(field)).map((field) => fieldName(view, ctx, field)))];
  const listed = lists.map(({ title, parts }) => `${title}: ${view.list(parts.map((part) => lowerFirst(view, part)))}`);
  // "Periods of work, Russia": whole pieces have commas of their own.
  if (listed.length > 0 || names.some((name) => name.includes(','))) return [...names, ...listed].join('; ');
  return view.list(names.map((name, place) => (place === 0 ? name : lowerFirst(view, name))));
}

/** The lists of evidence that fields are of (`periods` of `periods.from`), with the words of their parts. */
function listsOf(view: View, ctx: AccessPageProps['ctx'], fields: readonly string[]) {
  const found = new Map<string, { title: string; paths: string[]; parts: string[] }>();
  for (const agreement of ctx.agreements.all()) {
    for (const { labels } of Object.values(agreement.evidence)) {
      for (const [path, label] of Object.entries(labels)) {
        const head = path.split('.')[0] ?? '';
        const title = labels[head];
        const known = found.get(head);
        if (head === path || title === undefined || !fields.includes(path) || known?.paths.includes(path)) continue;
        const list = known ?? { title: agreement.text(view.language, title), paths: [], parts: [] };
        list.paths.push(path);
        list.parts.push(agreement.text(view.language, label));
        found.set(head, list);
      }
    }
  }
  return [...found.values()];
}

/** Labels begin with a capital; within a sentence only an abbreviation does. */
function lowerFirst({ language }: View, words: string): string {
  const [first = '', second = ''] = words;
  const isAbbreviation = second !== second.toLocaleLowerCase(language);
  return isAbbreviation ? words : first.toLocaleLowerCase(language) + words.slice(first.length);
}

/** `periods.from` is a fact of some evidence, `identity/kz` a whole piece of it, `application` a word of the platform. */
function fieldName(view: View, ctx: AccessPageProps['ctx'], field: string): string {
  if (field === '*') return view.say('portal.access.fields.whole');
  const own = view.find(`common.field.${field}`);
  if (own !== undefined) return own;
  const [type = '', state] = field.split('/');
  for (const agreement of ctx.agreements.all()) {
    const whole = agreement.evidence[type];
    if (whole !== undefined && state !== undefined) {
      const evidence = agreement.text(view.language, whole.title);
      return view.say('common.missing.evidence', { evidence, state: view.stateName(state) });
    }
    const label = Object.values(agreement.evidence).find(({ labels }) => Object.hasOwn(labels, field))?.labels[field];
    if (label !== undefined) return agreement.text(view.language, label);
  }
  // A JSON pointer, as the grant or the answer of a service has it: `/children/*/born`.
  return field.startsWith('/') ? field.slice(1).replaceAll('/*/', '.').replaceAll('/', '.') : field;
}
