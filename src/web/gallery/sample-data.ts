import { type Agreement, decide, type EvidenceFacts } from '../../agreements/index.ts';
import type { Application, Draft, EvidenceCard, OpenDraft } from '../../applications/index.ts';
import type { CaseFile } from '../../cases/index.ts';
import type { Sealed } from '../../crypto/index.ts';
import type { Evidence } from '../../registers/index.ts';
import type { Json } from '../../storage/index.ts';

const AT = '2026-03-02T06:00:00.000Z';
const DAY = '2026-03-02';
export const ID = '0192f1c0-0000-7000-8000-0000004a7c19';

const ANSWERS: Record<string, Json> = {
  statesOfWork: ['kz', 'ru', 'kg'],
  foreignNumbers: { ru: 'RU-P-000101', kg: 'KG-P-000101' },
  kindOfPension: 'old-age',
  payingStates: ['kz', 'ru', 'kg'],
  consent: true,
  contactLanguage: 'en',
};

const period = (state: string, employer: string, from: string, to: string | null) => ({
  state,
  employer,
  from,
  to,
  kind: 'employment',
  contributionsPaid: true,
});

const FACTS: Record<string, { [fact: string]: Json }> = {
  'identity/kz': {
    names: [
      { family: '1111', given: '2222', script: 'Cyrl', from: '1964-02-11', to: '1988-06-01' },
      { family: '3333', given: '2222', script: 'Cyrl', from: '1988-06-01' },
    ],
    birthDate: '1964-02-11',
    sex: 'female',
    citizenship: 'kz',
    nationalIds: [{ state: 'kz', value: 'KZ-T-000101' }],
  },
  'insured-periods/kz': {
    periods: [period('kz', '4444', '1986-09-01', '2019-12-31'), period('kz', '5555', '2021-01-01', '2022-10-31')],
  },
  'insured-periods/ru': { periods: [period('ru', '6666', '2022-11-01', '2024-04-30')] },
};

/** A piece of evidence as an agency would have signed it. */
function evidenceOf(agreement: Agreement, key: string, result: Evidence['result']): Sealed<Evidence> {
  const [type = '', state = ''] = key.split('/');
  const ground = agreement.evidence[type]?.ground;
  const payload: Evidence = {
    id: `${ID}-${key}`,
    type,
    agreement: agreement.contractDigest,
    schema: agreement.evidence[type]?.schemaDigest ?? '',
    issuer: { state, agency: `${state}.${type === 'identity' ? 'population' : 'pension-fund'}` },
    subject: { home: 'kz', reference: ID },
    application: ID,
    request: '',
    purpose: 'pension-claim',
    ground: { kind: ground?.kind ?? 'law', article: ground?.article ?? '' },
    result,
    facts: result === 'found' ? (FACTS[key] ?? null) : null,
    asOf: DAY,
    issuedAt: AT,
    validUntil: '2026-04-01T06:00:00.000Z',
  };
  return { kind: 'evidence', payload, signatures: [] };
}

/** Cards in every state that a card can be in. */
export function sampleCards(agreement: Agreement): Record<string, EvidenceCard> {
  const card = (key: string, status: EvidenceCard['status'], result?: Evidence['result']): EvidenceCard => {
    const [type = '', state = ''] = key.split('/');
    const evidence = result === undefined ? {} : { evidence: evidenceOf(agreement, key, result), receivedAt: AT };
    const agency = `${state}.${type === 'identity' ? 'population' : 'pension-fund'}`;
    return { key, type, state, agency, status, transaction: ID, askedAt: AT, ...evidence };
  };
  return {
    identity: card('identity/kz', 'received', 'found'),
    kz: card('insured-periods/kz', 'received', 'found'),
    ru: card('insured-periods/ru', 'received', 'found'),
    asked: card('insured-periods/kg', 'asked'),
    none: card('insured-periods/kg', 'received', 'none'),
    ambiguous: card('insured-periods/ru', 'received', 'ambiguous'),
    overdue: card('insured-periods/by', 'overdue'),
    refused: card('insured-periods/am', 'refused'),
    waived: card('insured-periods/kg', 'waived'),
    unanswered: card('identity/by', 'unanswered'),
    late: { ...card('insured-periods/ru', 'received', 'found'), status: 'late' },
  };
}

export function sampleDraft(agreement: Agreement, answers = ANSWERS): OpenDraft {
  const service = agreement.services.pension;
  if (service === undefined) throw new RangeError('the sample needs the service pension');
  const draft: Draft = {
    id: ID,
    person: 'asel',
    agreement: agreement.name,
    contract: agreement.contractDigest,
    service: service.name,
    answers,
    revision: 3,
    reference: ID,
    confirmed: true,
    created: AT,
    expires: '2026-05-31T18:59:59.999Z',
    submitted: false,
  };
  return { draft, agreement, service };
}

/** The decision of the real rules on the sample evidence. */
export function sampleDecision(agreement: Agreement, state: string) {
  const evidence: EvidenceFacts[] = Object.entries(FACTS).map(([key, facts]) => {
    const [type = '', from = ''] = key.split('/');
    return { type, state: from, result: 'found', facts };
  });
  const dates = { claim: DAY, decision: DAY };
  return decide(agreement, { service: 'pension', state, home: 'kz', answers: ANSWERS, evidence, dates });
}

export function sampleApplication(agreement: Agreement): Application {
  const cards = sampleCards(agreement);
  const filedAt = AT;
  const decided = (state: string) => {
    const decision = sampleDecision(agreement, state);
    const agency = `${state}.pension-fund`;
    const sealed = {
      case: ID,
      application: ID,
      reference: ID,
      state,
      agency,
      outcome: decision.outcome,
      decision,
      evidence: [],
      decidedAt: AT,
      decidedOn: DAY,
      confirmations: 2,
    };
    return { kind: 'decision', payload: sealed, signatures: [] };
  };
  const due = '2026-04-01T18:59:59.999Z';
  const base = { transaction: ID, acceptedAt: AT, due };
  return {
    id: ID,
    person: 'asel',
    agreement: agreement.name,
    contract: agreement.contractDigest,
    service: 'pension',
    filedAt,
    status: 'submitted',
    sealed: { kind: 'application', payload: { actor: { mandate: null } } as never, signatures: [] },
    evidence: [cards.identity, cards.kz, cards.ru].filter((card) => card !== undefined),
    replaced: [],
    corrections: [],
    cases: [
      {
        ...base,
        state: 'kz',
        agency: 'kz.pension-fund',
        status: 'decided',
        decidedAt: AT,
        decision: decided('kz') as never,
        document: ID,
      },
      {
        ...base,
        state: 'kg',
        agency: 'kg.pension-fund',
        status: 'decided',
        decidedAt: AT,
        decision: decided('kg') as never,
      },
      { ...base, state: 'ru', agency: 'ru.pension-fund', status: 'accepted' },
    ],
  };
}

/** A case that one officer has confirmed. */
export function sampleCase(agreement: Agreement): CaseFile {
  const decision = sampleDecision(agreement, 'kz');
  const cards = sampleCards(agreement);
  const evidence = [cards.identity, cards.kz, cards.ru].flatMap((card) =>
    card?.evidence === undefined ? [] : [card.evidence],
  );
  const officer = {
    kind: 'officer' as const,
    id: 'officer-kz-1',
    agency: 'kz.pension-fund',
    assurance: 'substantial' as const,
  };
  const application = {
    kind: 'application',
    payload: { answers: ANSWERS, actor: { mandate: null } } as never,
    signatures: [],
  };
  return {
    row: {
      id: ID,
      application: ID,
      home: 'kz',
      agreement: agreement.name,
      service: 'pension',
      agency: 'kz.pension-fund',
      phase: 'inProgress',
      stage: 'confirmation',
      filedOn: DAY,
      openedAt: AT,
      due: '2026-04-01T18:59:59.999Z',
    },
    contract: agreement.contractDigest,
    annex: '',
    files: [],
    confirmationsNeeded: 2,
    actions: [],
    state: {
      notes: [{ text: '1', officer: { kind: 'officer', id: '2', agency: 'kz.1', assurance: 'high' }, at: AT }],
      phase: 'inProgress',
      stage: 'confirmation',
      application,
      evidence,
      proposal: { decision, digest: 'd' },
      opinions: [],
      basis: 2,
      told: [],
      renewed: [],
      asked: [],
      replaced: [],
      confirmations: [{ officer, at: AT }],
    },
  };
}
