import type { VNode } from 'preact';
import { type Agreement, classifyChanges } from '../../agreements/index.ts';
import { PLACES } from '../console/access.ts';
import { AgreementPage, AgreementsPage, type ShownAgreement } from '../console/agreements.tsx';
import { HomePage } from '../console/home.tsx';
import { JobsPage } from '../console/jobs.tsx';
import { LedgerPage } from '../console/ledger.tsx';
import { type DeadLetter, LetterPage, MessagesPage } from '../console/messages.tsx';
import { PeoplePage } from '../console/people.tsx';
import { RightsPage } from '../console/rights.tsx';
import { StatesPage } from '../console/states.tsx';
import { type Statistics, StatisticsPage } from '../console/statistics.tsx';
import type { View } from '../ui/index.ts';
import { sampleSession } from './sample-view.ts';

const AT = '2026-03-02T09:00:00.000Z';
const ID = '0199a000-0000-7000-8000-000000000001';

/** The pages of the console over invented figures. */
export function consolePages(agreement: Agreement): Record<string, (view: View) => VNode> {
  const at = (view: View): View => ({ ...view, face: 'console', session: sampleSession('officer') });
  const places = PLACES.map(([href, name]) => ({ href, name }));
  const letter: DeadLetter = { id: ID, kind: 'in', from: '1', to: '2', type: '3', reason: '4', since: AT, behind: 5 };
  const service = Object.values(agreement.services)[0]?.name ?? '';
  const contract = agreement.contractDigest;
  const word = {
    state: 'kz',
    agreement: '1',
    contract,
    annex: '1',
    from: '2026-01-01',
    issued: AT,
    when: 'now',
  } as const;
  const edition = {
    ...{
      state: 'kz',
      agency: 'kz.1',
      agreement: '1',
      version: '1',
      contract,
      annexes: {},
      texts: '1',
      parties: ['kz'],
    },
    ...{ issued: AT, digest: '1' },
  } as unknown as ShownAgreement['editions'][number];
  const shown: ShownAgreement = {
    ...{ name: '1', runs: { contract, version: '1', parties: ['kz'] }, editions: [edition], parties: ['kz', 'ru'] },
    words: [word, { ...word, state: 'ru', until: '2027-01-01' }],
  };
  const changes = classifyChanges(agreement, { ...agreement, services: {}, contractDigest: '1' });
  const statistics: Statistics = {
    since: AT,
    cases: [
      { agreement: '1', service, agency: 'kz.1', received: 12, open: 2, outcomes: { granted: 8, refused: 2 } },
      { agreement: '1', service, agency: 'kz.2', received: 3, open: 1, outcomes: null },
    ],
    decisions: [
      { agreement: '1', service, agency: 'kz.1', since: AT, decided: 10, medianDays: 1.5, mostDays: 9, inTime: 1 },
    ],
    drafts: [
      {
        agreement: '1',
        service,
        begun: 9,
        sent: 5,
        stopped: [
          { page: 'work', drafts: 3 },
          { page: 'evidence', drafts: 1 },
        ],
      },
    ],
  };
  const health = {
    ...{ state: 'kz', at: AT, status: 'warn' as const, observations: [] },
    findings: [{ code: 'diskLow' as const, severity: 'warn' as const, since: AT, params: { free: 1, percent: 2 } }],
  };
  const queue = { queue: '1', waiting: 1, running: 2, dead: 1, failing: 3, lateSince: AT, deadSince: AT };
  const grant = {
    ...{
      id: ID,
      subject: { kind: 'agency' as const, name: '1' },
      agency: '1',
      system: '2',
      service: '3',
      method: '*',
    },
    ...{ path: '/1', purpose: { ground: '4' }, expires: '2026-12-31T00:00:00.000Z', quota: null, fields: null },
    ...{ mode: 'batch' as const, grantedBy: '1', grantedAt: AT, revokedAt: null },
  };
  const system = { agency: '1', system: '2', connection: 'mutual' as const };
  const rules = {
    systems: new Map([['1', system]]),
    services: new Map([['1', { agency: '1', system: '2', service: '3', persons: ['1'] }]]),
  } as unknown as Parameters<typeof RightsPage>[0]['rules'];
  const status = { origin: '1', size: 1, root: '1', at: AT, pending: 0, witnessed: { size: 1, at: AT } };
  const witness = { name: '1', key: '1', size: 1, state: 'ok' as const, at: AT };
  const mirror = { origin: '1', size: 1, at: AT, known: 1, knownAt: AT };
  const officer = {
    ...{ kind: 'officer' as const, id: '1', state: 'kz', agency: 'kz.1', name: '2' },
    grants: [
      { agency: 'kz.1', role: '3', service: '*' },
      { agency: 'kz.1', role: '4', service: '5' },
    ],
  };
  return {
    console: (view) => (
      <HomePage
        view={at(view)}
        places={places}
        health={health}
        acts={[{ at: AT, by: '1', act: 'messageDropped', about: ID, reason: '2' }]}
      />
    ),
    'console-states': (view) => (
      <StatesPage
        view={at(view)}
        places={places}
        peers={[
          { state: 'ru', reachable: true, heardAt: AT, waiting: 0, skewMs: 20, charter: 'same' },
          {
            state: 'by',
            reachable: true,
            heardAt: AT,
            failure: '1',
            waiting: 2,
            oldest: AT,
            skewMs: 30_000,
            charter: 'fork',
          },
          { state: 'am', reachable: false },
        ]}
      />
    ),
    'console-messages': (view) => <MessagesPage view={at(view)} places={places} letters={[letter]} done="drop" />,
    'console-messages-none': (view) => <MessagesPage view={at(view)} places={places} letters={[]} />,
    'console-message': (view) => (
      <LetterPage view={at(view)} places={places} letter={letter} acts wrong={{ act: 'drop', reason: '1' }} />
    ),
    'console-ledger': (view) => (
      <LedgerPage
        view={at(view)}
        places={places}
        status={{ ...status, witnesses: [witness, { ...witness, name: '2', state: 'silent' }] }}
        mirrors={[mirror]}
        complaints={[]}
        forks={[{ origin: '1' } as never]}
        quorum={3}
      />
    ),
    'console-jobs': (view) => (
      <JobsPage
        view={at(view)}
        places={places}
        queues={[queue]}
        dead={[{ queue: '1', key: '1', payload: null, attempts: 25, deadAt: AT, error: '2' }]}
        acts
        wrong={{ queue: '1', reason: '' }}
      />
    ),
    'console-rights': (view) => (
      <RightsPage
        view={at(view)}
        places={places}
        rules={rules}
        grants={[grant, { ...grant, revokedAt: AT }]}
        now={AT}
      />
    ),
    'console-rights-none': (view) => (
      <RightsPage
        view={at(view)}
        places={places}
        rules={{ systems: new Map(), services: new Map() }}
        grants={[]}
        now={AT}
      />
    ),
    'console-agreements': (view) => (
      <AgreementsPage
        view={at(view)}
        places={places}
        agreements={[shown, { ...shown, name: '2', runs: undefined }]}
        waiting={[{ id: ID, kind: 'ratification', agreement: '1', preparedBy: '1', preparedAt: AT }]}
      />
    ),
    'console-agreement': (view) => (
      <AgreementPage
        view={at(view)}
        places={places}
        shown={shown}
        newest={agreement}
        difference={{ from: '1', to: contract, changes }}
        scenarios={[]}
      />
    ),
    'console-statistics': (view) => (
      <StatisticsPage view={at(view)} places={places} statistics={statistics} newest={() => agreement} />
    ),
    'console-people': (view) => <PeoplePage view={at(view)} places={places} officers={[officer]} />,
  };
}
