import type { VNode } from 'preact';
import { type Agreement, agreementLibrary, pathOf } from '../../agreements/index.ts';
import type { HeldDocument } from '../../applications/index.ts';
import type { AskedOpinion, CaseState } from '../../cases/index.ts';
import type { PageView } from '../../documents/index.ts';
import type { AccessEntry } from '../../persons/index.ts';
import { BatchPage, ReportPage } from '../desk/batch.tsx';
import { CasePage } from '../desk/case.tsx';
import { EnrolmentForm, EnrolmentsHome, HalfPage } from '../desk/enrolments.tsx';
import { OpinionPage, OpinionsPage } from '../desk/opinions.tsx';
import { QueuePage } from '../desk/queue.tsx';
import { readWish } from '../desk/queue-wish.ts';
import { RegisterHome } from '../desk/register-pages.tsx';
import { ErrorPage } from '../http/error-page.tsx';
import { AccessPage } from '../portal/access.tsx';
import { ApplicationPage, ApplicationsPage } from '../portal/applications.tsx';
import { DocumentShown, DocumentsPage } from '../portal/documents.tsx';
import { DraftPage } from '../portal/draft.tsx';
import { CheckBody, CheckPage } from '../portal/draft-check.tsx';
import { AskPage, CardsPage } from '../portal/draft-evidence.tsx';
import { ForecastPage } from '../portal/draft-forecast.tsx';
import { FormPage } from '../portal/draft-pages.tsx';
import type { OpenedDraft, Step } from '../portal/draft-steps.ts';
import { EventPage } from '../portal/events.tsx';
import { LinksPage } from '../portal/links.tsx';
import { MailboxPage } from '../portal/mailbox.tsx';
import { CheckMandatePage, NewMandatePage } from '../portal/mandates.tsx';
import { PasskeysPage } from '../portal/passkeys.tsx';
import { ProfilePage } from '../portal/profile.tsx';
import { ProofsPage } from '../portal/proofs.tsx';
import { ServicePage, ServicesPage } from '../portal/services.tsx';
import { SessionsPage } from '../portal/sessions.tsx';
import { SignInPage } from '../portal/sign-in.tsx';
import { StartPage } from '../portal/start.tsx';
import { FiguresPage } from '../public/figures.tsx';
import type { View } from '../ui/index.ts';
import { VerifyPage } from '../verify/verify.tsx';
import { consolePages } from './console-pages.tsx';
import { ID, sampleApplication, sampleCards, sampleCase, sampleDecision, sampleDraft } from './sample-data.ts';
import { sampleSession } from './sample-view.ts';

const AT = '2026-03-02T06:00:00.000Z';
const holder = { kind: 'organisation' as const, number: '1-2-3', name: '1' };

/**
 * Every page with invented data, without a node behind it: tests look for bare strings and missing texts in them, and people at
 * their pictures. All data in it is digits, so that every letter on a page must come from a catalogue.
 */
export function gallery(agreement: Agreement): Record<string, (view: View) => VNode> {
  const opened = sampleDraft(agreement);
  const empty = sampleDraft(agreement, {});
  const { service } = opened;
  const input = { home: 'kz', claim: '2026-03-02', answers: opened.draft.answers };
  const { pages } = pathOf(agreement, service, input);
  const wrong = pathOf(agreement, service, { ...input, answers: {} }).pages[0];
  const cards = sampleCards(agreement);
  const some = (...names: string[]) => names.flatMap((name) => (cards[name] === undefined ? [] : [cards[name]]));
  const steps: Step[] = ['1', '2', '3'].map((name, index) => ({
    name,
    title: name,
    href: `/${name}`,
    status: (['done', 'open', 'later'] as const)[index] ?? 'later',
  }));
  const draft: OpenedDraft = { opened, pages, cards: some('identity', 'kz', 'ru', 'waived'), steps };
  const library = { agreements: agreementLibrary([agreement]), clock: { now: () => AT } };
  const person = (view: View): View => ({ ...view, session: sampleSession('person') });
  const officer = (view: View): View => ({ ...view, face: 'desk', session: sampleSession('officer') });
  const file = sampleCase(agreement);
  const questions = ['identity/kz', 'insured-periods/ru'].flatMap((key) => {
    const [type = '', state = ''] = key.split('/');
    const evidence = agreement.evidence[type];
    return evidence === undefined ? [] : [{ key, evidence, state, agency: `${state}.1` }];
  });
  const receivers = ['kz', 'ru'].map((state) => ({
    state,
    agency: `${state}.pension-fund`,
    items: [{ kind: 'answers' as const }, { kind: 'evidence' as const, type: 'identity', state: 'kz' }],
    ground: { kind: 'law' as const, article: Object.keys(agreement.articles)[0] ?? '' },
    keep: 'P5Y',
  }));
  const decided = {
    agreement: '1',
    service: '1',
    agency: 'kz.1',
    agreementNow: agreement,
    serviceNow: service,
    since: AT,
  };
  const answered = { state: 'ru', agency: 'ru.1', since: AT };
  const figures = {
    since: AT,
    decisions: [
      { ...decided, decided: 40, medianDays: 1, mostDays: 12.25, inTime: 0.975 },
      { ...decided, decided: 3, since: null, medianDays: null, mostDays: null, inTime: null },
    ],
    answers: [
      { ...answered, answered: 40, medianSeconds: 2.44, mostSeconds: 21 },
      { ...answered, answered: 3, since: null, medianSeconds: null, mostSeconds: null },
    ],
  };
  return {
    ...consolePages(agreement),
    start: (view) => <StartPage view={view} services={[{ agreement, service }]} />,
    event: (view) => <EventPage view={view} event="retirement" offers={[{ agreement, service }]} />,
    'event-none': (view) => <EventPage view={view} event="retirement" offers={[]} />,
    services: (view) => <ServicesPage view={view} query="" offers={[{ agreement, service }]} />,
    figures: (view) => <FiguresPage view={view} figures={figures} />,
    'figures-none': (view) => <FiguresPage view={view} figures={{ since: AT, decisions: [], answers: [] }} />,
    'services-nothing': (view) => <ServicesPage view={view} query="123" offers={[]} />,
    service: (view) => <ServicePage view={view} agreement={agreement} service={service} />,
    'service-begun': (view) => <ServicePage view={person(view)} agreement={agreement} service={service} draft={ID} />,
    'sign-in': (view) => (
      <SignInPage
        view={view}
        offers={[
          { method: 'passkey', offer: { kind: 'passkey' } },
          { method: 'enrolment', offer: { kind: 'code' } },
          { method: 'eid', offer: { kind: 'redirect', to: '/eid' } },
          signInOffer(),
        ]}
      />
    ),
    'sign-in-more': (view) => <SignInPage view={view} offers={[signInOffer()]} more />,
    'sign-in-none': (view) => <SignInPage view={view} offers={[]} />,
    draft: (view) => (
      <DraftPage view={person(view)} id={ID} title="1" steps={steps} draft={{}} expires={opened.draft.expires} />
    ),
    ...Object.fromEntries(
      pages.map((asked) => [
        `form-${asked.name}`,
        (view: View) => (
          <FormPage view={person(view)} opened={opened} asked={asked} wrong={false} caption="1" back="/" query="" />
        ),
      ]),
    ),
    ...(wrong === undefined
      ? {}
      : {
          'form-wrong': (view: View) => (
            <FormPage view={person(view)} opened={empty} asked={wrong} wrong caption="1" back="/" query="" />
          ),
        }),
    ask: (view) => <AskPage view={person(view)} draft={draft} caption="4" wanted={questions} />,
    waiting: (view) => (
      <CardsPage view={person(view)} draft={draft} caption="4" cards={some('identity', 'kz', 'ru', 'asked')} />
    ),
    evidence: (view) => (
      <CardsPage view={person(view)} draft={draft} caption="4" cards={some('identity', 'kz', 'ru', 'waived')} />
    ),
    'evidence-trouble': (view) => (
      <CardsPage
        view={person(view)}
        draft={draft}
        caption="4"
        cards={some('none', 'ambiguous', 'overdue', 'refused', 'unanswered')}
      />
    ),
    forecast: (view) => (
      <ForecastPage
        view={person(view)}
        draft={draft}
        forecasts={['kz', 'ru', 'kg'].map((state) => ({ state, decision: sampleDecision(agreement, state) }))}
      />
    ),
    check: (view) => (
      <CheckPage view={person(view)} draft={draft} digest="1" caption="5" files={[]}>
        <CheckBody view={person(view)} draft={draft} receivers={receivers} />
      </CheckPage>
    ),
    applications: (view) => (
      <ApplicationsPage
        view={person(view)}
        ctx={library}
        sent={[sampleApplication(agreement)]}
        drafts={[opened.draft]}
      />
    ),
    'applications-none': (view) => <ApplicationsPage view={person(view)} ctx={library} sent={[]} drafts={[]} />,
    application: (view) => (
      <ApplicationPage
        view={person(view)}
        application={sampleApplication(agreement)}
        agreement={agreement}
        sent={false}
      />
    ),
    'application-late': (view) => (
      <ApplicationPage
        view={person(view)}
        application={{ ...sampleApplication(agreement), evidence: some('identity', 'unanswered', 'late') }}
        agreement={agreement}
        sent={false}
      />
    ),
    sent: (view) => (
      <ApplicationPage view={person(view)} application={sampleApplication(agreement)} agreement={agreement} sent />
    ),
    'documents-none': (view) => <DocumentsPage view={person(view)} documents={[]} />,
    document: (view) => (
      <DocumentShown
        view={person(view)}
        document={HELD}
        printed={PRINTED}
        verdict={{ verdict: 'valid', code: 'VALID', params: {}, asOf: AT, facts: [] }}
      />
    ),
    'document-sealing': (view) => (
      <DocumentShown view={person(view)} document={HELD} printed={PRINTED} verdict={undefined} />
    ),
    proofs: (view) => (
      <ProofsPage
        view={person(view)}
        application={sampleApplication(agreement)}
        transactions={[
          {
            id: ID,
            code: '1.2',
            from: 'kz',
            to: 'ru',
            pattern: 'queryResponse',
            status: 'responded',
            requestDigest: '12',
            receipt: null,
            ledgerIndex: { from: 1, to: null },
          },
        ]}
      />
    ),
    access: (view) => (
      <AccessPage
        view={person(view)}
        ctx={library}
        entries={sampleAccess()}
        missing={[{ state: 'ru', day: '2026-03-01', agency: 'ru.1', stated: 3, withheld: 0, received: 1, missing: 2 }]}
        elsewhere={[{ state: 'ru', address: '1' }]}
        counts={[{ state: 'ru', agency: 'ru.1', counted: 3, shown: 2 }]}
      />
    ),
    'access-none': (view) => (
      <AccessPage view={person(view)} ctx={library} entries={[]} counts={[]} missing={[]} elsewhere={[]} />
    ),
    links: (view) => (
      <LinksPage
        view={person(view)}
        links={[
          { id: ID, subject: '1', state: 'ru', number: '1-2-3', proof: { kind: 'register', evidence: ID }, madeAt: AT },
        ]}
        consents={[
          { id: ID, subject: '1', agency: 'ru.1', purpose: 'pension-claim', article: '1', givenAt: AT, until: AT },
        ]}
        mandates={[
          { id: ID, subject: '1', holder, service: '1/1', givenAt: AT, until: '2026-12-31' },
          { id: `${ID}2`, subject: '1', holder, service: '1/1', givenAt: AT, until: '2026-12-31', endedAt: AT },
          { id: `${ID}3`, subject: '1', holder, service: '1/1', givenAt: AT, until: '2026-01-31' },
        ]}
        offers={[{ agreement, service }]}
        day="2026-03-02"
      />
    ),
    'mandate-new': (view) => (
      <NewMandatePage
        view={person(view)}
        offers={[{ agreement, service }]}
        errors={[{ field: 'number', message: view.say('portal.mandates.number.wrong') }]}
      />
    ),
    'mandate-check': (view) => (
      <CheckMandatePage
        view={person(view)}
        wish={{ offer: { agreement, service }, holder, term: 'P30D', until: '2026-12-31' }}
      />
    ),
    'links-none': (view) => (
      <LinksPage view={person(view)} links={[]} consents={[]} mandates={[]} offers={[]} day="2026-03-02" />
    ),
    passkeys: (view) => <PasskeysPage view={person(view)} passkeys={samplePasskeys} fresh low />,
    'passkeys-none': (view) => <PasskeysPage view={officer(view)} passkeys={[]} fresh={false} />,
    enrolments: (view) => <EnrolmentsHome view={officer(view)} can={['begin', 'confirm']} />,
    'enrolments-none': (view) => <EnrolmentsHome view={officer(view)} can={[]} />,
    'enrolment-begin': (view) => <EnrolmentForm view={officer(view)} step="begin" />,
    'enrolment-confirm': (view) => <EnrolmentForm view={officer(view)} step="confirm" />,
    'enrolment-half': (view) => <HalfPage view={officer(view)} step="begin" half="1234-1234" />,
    sessions: (view) => <SessionsPage view={person(view)} own={ID} sessions={sampleSessions} />,
    profile: (view) => <ProfilePage view={person(view)} session={person(view).session} number="1-2-3" />,
    mailbox: (view) => (
      <MailboxPage
        view={person(view)}
        letters={[
          { id: ID, kind: 'decided', params: { state: 'ru', outcome: 'granted' }, link: '/applications', at: AT },
          { id: `${ID}1`, kind: 'filed', params: { reference: '12345' }, link: '/applications', at: AT, readAt: AT },
        ]}
      />
    ),
    verify: (view) => <VerifyPage view={view} ctx={library} />,
    'verify-valid': (view) => (
      <VerifyPage
        view={view}
        ctx={library}
        verdict={{
          verdict: 'valid',
          code: 'VALID',
          params: {},
          asOf: AT,
          facts: [
            { name: 'issuer', value: 'kz' },
            { name: 'number', value: '12' },
          ],
        }}
      />
    ),
    error: (view) => <ErrorPage view={view} status={404} code="WEB_PAGE_NOT_FOUND" />,
    broken: (view) => <ErrorPage view={view} status={500} code="WEB_BROKEN" reference="12" />,
    batch: (view) => (
      <BatchPage
        view={officer(view)}
        ctx={library}
        act="give"
        rows={[file.row, { ...file.row, id: `${ID}1`, assignee: 'officer-kz-1' }]}
        names={new Map()}
        colleagues={[{ kind: 'officer', id: '3', state: 'kz', agency: 'kz.1', name: '4', grants: [] }]}
        wrong={view.say('error.CASE_COLLEAGUE')}
      />
    ),
    'batch-report': (view) => (
      <ReportPage view={officer(view)} ctx={library} results={[{ row: file.row }, { row: file.row, refusal: '1' }]} />
    ),
    queue: (view) => (
      <QueuePage
        view={officer(view)}
        ctx={library}
        agency="kz.pension-fund"
        queue="waiting"
        rows={[
          { ...file.row, assignee: 'officer-kz-1', waitsSince: AT },
          { ...file.row, id: `${ID}1`, home: 'ru', due: '2026-03-01T00:00:00.000Z', escalatedAt: AT },
        ]}
        count={2}
        wish={readWish({ whose: 'mine', due: 'week' })}
        services={['1/1', '2/2']}
        queues={[{ name: '1', query: 'whose=nobody', count: 3 }]}
      />
    ),
    case: (view) => (
      <CasePage
        view={officer(view)}
        file={file}
        title="1"
        agreement={agreement}
        officer="officer"
        now={AT}
        mayConfirm
        mayReturn
        mayAssign
        colleagues={[{ kind: 'officer', id: '3', state: 'kz', agency: 'kz.1', name: '4', grants: [] }]}
        done={undefined}
      />
    ),
    'case-waiting': (view) => (
      <CasePage
        view={officer(view)}
        file={{ ...file, state: { ...file.state, opinions: OPINIONS } }}
        title="1"
        agreement={agreement}
        officer="officer"
        now={AT}
        mayConfirm
        mayReturn
        done={undefined}
      />
    ),
    'opinions-none': (view) => <OpinionsPage view={officer(view)} ctx={library} agency="kz.pension-fund" rows={[]} />,
    opinions: (view) => (
      <OpinionsPage
        view={officer(view)}
        ctx={library}
        agency="kz.pension-fund"
        rows={[sampleOpinion(agreement), { ...sampleOpinion(agreement), status: 'declined', answeredAt: AT }]}
        done="declined"
      />
    ),
    opinion: (view) => (
      <OpinionPage
        view={officer(view)}
        ctx={library}
        opinion={sampleOpinion(agreement)}
        again={{ asked: undefined, own: [], wrong: false }}
        now={AT}
      />
    ),
    'opinion-bound': (view) => (
      <OpinionPage
        view={officer(view)}
        ctx={library}
        opinion={{ ...sampleOpinion(agreement), pattern: 'requestConfirm' }}
        again={{ asked: undefined, own: [], wrong: false }}
        now={AT}
        done="accepted"
      />
    ),
    registers: (view) => <RegisterHome view={officer(view)} registers={[]} done />,
  };
}

const OPINIONS: CaseState['opinions'] = (['asked', 'given', 'refused', 'late'] as const).map((status) => ({
  ...{
    key: `identity/${status}`,
    type: 'identity',
    state: 'ru',
    agency: 'ru.pension-fund',
    transaction: '1',
    request: '1',
  },
  status,
}));

function sampleOpinion({ contractDigest }: Agreement): AskedOpinion {
  return {
    id: ID,
    agency: 'kz.pension-fund',
    agreement: 'pension',
    contract: contractDigest,
    pattern: 'mutualObligation',
    service: 'pension',
    stage: 'consult',
    evidence: 'identity',
    from: 'ru',
    fromAgency: 'ru.pension-fund',
    application: ID,
    home: 'am',
    reference: '1',
    shows: {},
    request: '1',
    askedAt: AT,
    dueAt: '2026-03-12T18:59:59.999Z',
    status: 'asked',
    answeredAt: null,
  };
}

const HELD: HeldDocument = {
  id: ID,
  person: '1',
  application: ID,
  type: '1',
  state: 'kz',
  agency: 'kz.1',
  credential: '1',
  paper: '12345',
  receivedAt: AT,
  file: Buffer.from('1'),
};

const PRINTED: PageView = {
  language: 'en',
  state: '1',
  title: '2',
  lines: [{ label: '3', value: '4' }],
  notes: ['5'],
  facts: [{ label: '6', value: '7' }],
  check: { title: '8', text: '9', codeDescription: '10' },
  code: { size: 1, path: '' },
};

const samplePasskeys = [
  { id: ID, name: '1', synced: true, assurance: 'substantial' as const, createdAt: AT, usedAt: AT },
  { id: `${ID}2`, name: '2', synced: false, assurance: 'high' as const, createdAt: AT },
];

const sampleSessions = ['passkey', 'development'].map((method, index) => ({
  id: index === 0 ? ID : `${ID}2`,
  method,
  assurance: 'substantial' as const,
  createdAt: AT,
  seenAt: AT,
  expiresAt: AT,
}));

function signInOffer() {
  const person = sampleSession('person').account;
  const officer = sampleSession('officer').account;
  const accounts = [person, { ...person, id: 'two' }, { ...person, id: 'three' }, officer];
  return {
    method: 'development',
    offer: {
      kind: 'choice' as const,
      accounts: accounts.map((account) => ({ account: { ...account, name: '1 2' }, story: '3' })),
    },
  };
}

function sampleAccess(): AccessEntry[] {
  const entry = {
    state: 'ru',
    agency: 'ru.1',
    home: 'kz',
    reference: ID,
    actor: null,
    fields: ['periods.from', 'periods.to'],
    purpose: 'pension-claim',
    ground: { kind: 'consent' as const, article: 'design-consent', consent: ID },
    application: ID,
    case: null,
    at: AT,
    counter: 1,
  };
  const whole = (id: string, changes: object, proven = false) => ({
    ...entry,
    id,
    ...changes,
    content: { ...entry, id, ...changes },
    proven,
  });
  return [
    whole(ID, {}, true),
    whole(`${ID}2`, {
      state: 'kz',
      agency: 'kz.1',
      actor: '77',
      purpose: 'pension.examination',
      fields: ['application', 'evidence'],
    }),
    whole(`${ID}4`, { purpose: 'pension.erasure', fields: ['application', 'evidence', 'file'] }),
    ...['1', null].map((user) =>
      whole(`${ID}${user ?? 3}`, {
        state: 'kz',
        agency: 'kz.1',
        purpose: 'call',
        fields: ['*'],
        caller: { state: 'ru', agency: 'ru.1', system: '2', user },
        service: 'kz.1/2/3',
      }),
    ),
  ];
}
