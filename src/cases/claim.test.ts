import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementLibrary, decide } from '../agreements/index.ts';
import { evidenceOf, NOW, pension, ratify } from '../applications/testing.ts';
import { generateKey, seal } from '../crypto/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { manualClock } from '../storage/testing.ts';
import { testTrust, testUnion } from '../union/testing.ts';
import { checkClaim } from './claim.ts';
import type { CasesContext } from './context.ts';
import { type ClaimChange, makeClaim, type TestClaim } from './testing.ts';

const LATER = '2026-12-24T10:00:00.000Z';

test('a claim that another person sent for the applicant', async (t) => {
  const founded = testUnion();
  const shipped = await pension();
  const service = shipped.services.pension;
  assert.ok(service !== undefined);
  const withMandates = {
    ...shipped,
    services: { ...shipped.services, pension: { ...service, byMandate: 'organisation' as const } },
  };
  const mandate = {
    ...{
      kind: 'given' as const,
      id: '01a2200f-c496-7d6a-9c75-d3d7556b9f33',
      service: 'pension/pension',
      until: '2026-11-22',
    },
    holder: { kind: 'organisation' as const, number: 'KZ-C-000101', name: 'Ертіс' },
  };
  const clock = manualClock(NOW);
  const { trust } = await testTrust(t, founded, 'ru', clock);
  await ratify(trust, founded, shipped, ['ru']);
  const check = (actor: object, agreement = withMandates) => {
    const ctx = { trust, clock, agreements: agreementLibrary([agreement]) } as unknown as CasesContext;
    const acted = { reference: 'of the officer', assurance: 'substantial', language: 'en', mandate, ...actor };
    const { transaction, body } = makeClaim({ founded, agreement }, { payload: { actor: acted as never } });
    return checkClaim(ctx, transaction, body as unknown as Json);
  };

  await t.test('is taken where the service lets an organisation act, with evidence about the applicant', () => {
    const { payload } = check({}).application;
    assert.deepEqual(payload.actor.mandate, mandate);
    assert.notEqual(payload.actor.reference, payload.reference);
  });
  const wrong: Record<string, [object, typeof shipped?]> = {
    'in a service that lets nobody act': [{}, shipped],
    'without a mandate': [{ mandate: null }],
    'by a mandate for another service': [{ mandate: { ...mandate, service: 'pension/other' } }],
    'by a mandate that was over the day before': [{ mandate: { ...mandate, until: '2026-11-21' } }],
    'by a mandate that names nobody but herself': [{ reference: 'reference of kz' }],
    'by a mandate of another holder': [{ mandate: { ...mandate, holder: { ...mandate.holder, kind: 'person' } } }],
    'by a mandate with more in it': [{ mandate: { ...mandate, applicant: 'Айгерім' } }],
  };
  for (const [name, [actor, agreement]] of Object.entries(wrong)) {
    await t.test(`${name} is refused`, () => {
      assert.throws(
        () => check(actor, agreement as typeof withMandates),
        (error) => isFailure(error, 'CLAIM_INVALID'),
      );
    });
  }
});

test('a claim', async (t) => {
  const founded = testUnion();
  const agreement = await pension();
  const clock = manualClock(NOW);
  const { trust } = await testTrust(t, founded, 'ru', clock);
  await ratify(trust, founded, agreement, ['ru']);
  const ctx = { trust, clock, agreements: agreementLibrary([agreement]) } as unknown as CasesContext;
  const world = { founded, agreement };
  const check = ({ transaction, body }: TestClaim) => checkClaim(ctx, transaction, body as unknown as Json);
  const key = (state: string) => founded.keys[state]?.messages ?? generateKey();

  await t.test('that proves itself is taken, with everything that the rules need', () => {
    const claim = check(makeClaim(world));
    assert.equal(claim.agency, 'ru.pension-fund');
    assert.deepEqual(
      claim.facts.map(({ type, state, result }) => `${type}/${state} ${result}`),
      ['identity/kz found', 'insured-periods/kz found', 'insured-periods/ru found'],
    );
  });

  await t.test('with evidence that she goes on without gives the rules what it gave them at home', () => {
    const change: ClaimChange = {
      evidence: (pieces) => pieces.slice(0, 2),
      payload: { waived: ['insured-periods/ru'] },
    };
    const claim = check(makeClaim(world, change));
    assert.deepEqual(claim.facts.at(-1), { type: 'insured-periods', state: 'ru', result: 'waived', facts: null });
    const { answers } = claim.application.payload;
    const { outcome, pending } = decide(agreement, {
      ...{ service: 'pension', state: 'ru', home: 'kz', answers, evidence: claim.facts },
      dates: { claim: '2026-11-22' },
    });
    assert.deepEqual([outcome, pending], ['refused', []]);
  });

  await t.test('that was on its way for weeks is taken by the day on which she filed', () => {
    clock.set(LATER);
    assert.equal(check(makeClaim(world)).application.payload.filedOn, '2026-11-22');
    clock.set(NOW);
  });

  const piece = (of: Parameters<typeof evidenceOf>[2], change?: Parameters<typeof evidenceOf>[3]) =>
    evidenceOf(founded, agreement, of, change);
  const refused: Record<string, [ClaimChange | ((claim: TestClaim) => TestClaim), string]> = {
    'sealed by another state': [
      (claim) => ({ ...claim, body: { ...claim.body, application: reseal(claim, key('kg')) } }),
      'UNION_KEY_UNKNOWN',
    ],
    'sealed by an agency instead of the node': [
      (claim) => {
        const agency = founded.keys.kz?.agencies['kz.portal'] ?? generateKey();
        return { ...claim, body: { ...claim.body, application: reseal(claim, agency) } };
      },
      'UNION_KEY_UNKNOWN',
    ],
    'changed after it was sealed': [
      (claim) => {
        const { application } = claim.body;
        const payload = { ...application.payload, filedOn: '2026-11-22', page: 'c'.repeat(64) };
        return { ...claim, body: { ...claim.body, application: { ...application, payload } } };
      },
      'CRYPTO_SEALED_SIGNATURE',
    ],
    'that another state relays': [{ transaction: { from: 'kg', fromAgency: 'kg.portal' } }, 'UNION_KEY_UNKNOWN'],
    'of a person of another state': [{ payload: { home: 'kg' } }, 'CLAIM_INVALID'],
    'for another application than the transaction': [
      { payload: { id: '01939d3c-0000-7000-8000-000000000001' } },
      'CLAIM_INVALID',
    ],
    'that another person made without a mandate': [
      { payload: { actor: { reference: 'r-2', assurance: 'substantial', mandate: null, language: 'en' } } },
      'CLAIM_INVALID',
    ],
    'for somebody else, where the service is for oneself': [
      {
        payload: {
          actor: {
            ...{ reference: 'reference of kz', assurance: 'substantial', language: 'en' },
            mandate: { kind: 'child', number: 'KZ-T-000114', name: 'Оспанов Әлихан', register: 'kz.families' },
          },
        },
      },
      'CLAIM_INVALID',
    ],
    'with evidence about somebody else': [
      {
        evidence: (pieces, of) => [
          piece(
            { type: 'identity', state: 'kz', ...of },
            { subject: { home: 'kz', reference: of.reference, represented: { kind: 'child', number: 'KZ-T-000114' } } },
          ),
          ...pieces.slice(1),
        ],
      },
      'REGISTERS_EVIDENCE_OTHER',
    ],
    'under too low an assurance': [
      { payload: { actor: { reference: 'reference of kz', assurance: 'low', mandate: null, language: 'en' } } },
      'CLAIM_INVALID',
    ],
    'with a member that nobody knows': [{ payload: { more: 1 } }, 'CLAIM_INVALID'],
    'from the future': [{ payload: { filedAt: '2026-11-22T10:05:00.000Z', filedOn: '2026-11-22' } }, 'CLAIM_INVALID'],
    'whose day is not that of its time': [{ payload: { filedOn: '2026-11-21' } }, 'CLAIM_INVALID'],
    'filed at no time': [{ payload: { filedAt: '2026-99-22T10:00:00.000Z' } }, 'CLAIM_INVALID'],
    'dated back before the evidence was signed': [
      { payload: { filedAt: '2026-11-12T10:00:00.000Z', filedOn: '2026-11-12' } },
      'CLAIM_INVALID',
    ],
    'dated back before home had the key that sealed it': [
      { payload: { filedAt: '2025-12-12T10:00:00.000Z', filedOn: '2025-12-12' } },
      'UNION_KEY_NOT_VALID',
    ],
    'under a contract that is not that of the transaction': [
      { transaction: { contract: 'd'.repeat(64) } },
      'CLAIM_CONTRACT_UNKNOWN',
    ],
    'under a contract that nobody knows': [{ payload: { contract: 'd'.repeat(64) } }, 'CLAIM_CONTRACT_UNKNOWN'],
    'under another name of the contract': [{ payload: { agreement: 'other' } }, 'CLAIM_CONTRACT_UNKNOWN'],
    'for a service that there is not': [{ payload: { service: 'constructor' } }, 'CLAIM_INVALID'],
    'by another transaction': [{ transaction: { code: 'P.PN.01.TRN.001' } }, 'CLAIM_INVALID'],
    'to another agency': [{ transaction: { toAgency: 'ru.population' } }, 'CLAIM_INVALID'],
    'from another agency': [{ transaction: { fromAgency: 'kz.pension-fund' } }, 'CLAIM_INVALID'],
    'whose answers are not complete': [{ payload: { answers: { statesOfWork: ['kz', 'ru'] } } }, 'CLAIM_INVALID'],
    'with an answer that is not offered': [answered({ payingStates: ['am'] }), 'CLAIM_INVALID'],
    'with an answer to a question that is not asked': [answered({ more: 'x' }), 'CLAIM_INVALID'],
    'without her consent': [answered({ consent: false }), 'CLAIM_INVALID'],
    'that names deciders whom her answers do not': [{ payload: { deciders: ['ru'] } }, 'CLAIM_INVALID'],
    'that does not name this state': [
      { payload: { deciders: ['kz'], answers: { ...ANSWERS, payingStates: ['kz'] } } },
      'CLAIM_NOT_FOR_US',
    ],
    'without a piece that was sealed': [
      (claim) => ({ ...claim, body: { ...claim.body, evidence: claim.body.evidence.slice(1) } }),
      'CLAIM_INVALID',
    ],
    'with a piece that was not sealed': [
      (claim) => ({ ...claim, body: { ...claim.body, evidence: [...claim.body.evidence, ...claim.body.evidence] } }),
      'CLAIM_INVALID',
    ],
    'that leaves evidence out silently': [{ evidence: (pieces) => pieces.slice(0, 2) }, 'CLAIM_INVALID'],
    'that gives a piece twice': [{ evidence: (pieces) => [...pieces, ...pieces.slice(2)] }, 'CLAIM_INVALID'],
    'that gives two pieces of one state': [
      {
        evidence: (pieces, of) => [...pieces, piece({ type: 'insured-periods', state: 'ru', ...of }, { id: 'second' })],
      },
      'CLAIM_INVALID',
    ],
    'that gives evidence nobody asked for': [
      { evidence: (pieces, of) => [...pieces, piece({ type: 'insured-periods', state: 'kg', ...of })] },
      'CLAIM_INVALID',
    ],
    'that waives what it gives': [{ payload: { waived: ['insured-periods/ru'] } }, 'CLAIM_INVALID'],
    'that waives what nobody asks for': [{ payload: { waived: ['insured-periods/kg'] } }, 'CLAIM_INVALID'],
    'with evidence for another application': [
      {
        evidence: ([one, two], of) =>
          [one, two, piece({ type: 'insured-periods', state: 'ru', ...of, application: 'another' })].flatMap(
            (x) => x ?? [],
          ),
      },
      'REGISTERS_EVIDENCE_OTHER',
    ],
    'with evidence about another person': [
      {
        evidence: ([one, two], of) =>
          [one, two, piece({ type: 'insured-periods', state: 'ru', ...of, reference: 'r-2' })].flatMap((x) => x ?? []),
      },
      'REGISTERS_EVIDENCE_OTHER',
    ],
    'with evidence about a person of another home': [
      {
        evidence: ([one, two], of) =>
          [one, two, piece({ type: 'insured-periods', state: 'ru', ...of, home: 'kg' })].flatMap((x) => x ?? []),
      },
      'REGISTERS_EVIDENCE_OTHER',
    ],
    'with evidence under another contract': [replaced({ agreement: 'e'.repeat(64) }), 'REGISTERS_EVIDENCE_OTHER'],
    'with evidence for another purpose': [replaced({ purpose: 'curiosity' }), 'REGISTERS_EVIDENCE_OTHER'],
    'with evidence of another schema': [replaced({ schema: 'e'.repeat(64) }), 'REGISTERS_EVIDENCE_OTHER'],
    'with facts that do not fit the schema': [replaced({ facts: { periods: 'many' } }), 'AGREEMENT_FACTS_REFUSED'],
    'with evidence that had run out when she filed': [
      replaced({ issuedAt: '2026-10-01T10:00:00.000Z', validUntil: '2026-11-01T10:00:00.000Z' }),
      'REGISTERS_EVIDENCE_EXPIRED',
    ],
    'with evidence that is younger than the application': [
      replaced({ issuedAt: '2026-11-22T10:05:00.000Z' }),
      'CLAIM_INVALID',
    ],
    'with evidence that the home node signed itself': [
      {
        evidence: ([one, two, three]) =>
          [one, two, three && seal('evidence', three.payload, [key('kz')])].flatMap((x) => x ?? []),
      },
      'REGISTERS_EVIDENCE_FORGED',
    ],
    'with evidence whose facts were changed': [
      {
        evidence: ([one, two, three]) =>
          [one, two, three && { ...three, payload: { ...three.payload, facts: { periods: [] } } }].flatMap(
            (x) => x ?? [],
          ),
      },
      'REGISTERS_EVIDENCE_FORGED',
    ],
  };

  function replaced(change: Parameters<typeof evidenceOf>[3]): ClaimChange {
    return {
      evidence: ([one, two], of) =>
        [one, two, piece({ type: 'insured-periods', state: 'ru', ...of }, change)].flatMap((x) => x ?? []),
    };
  }

  for (const [what, [change, code]] of Object.entries(refused)) {
    await t.test(`${what} is refused`, () => {
      const claim = typeof change === 'function' ? change(makeClaim(world)) : makeClaim(world, change);
      assert.throws(
        () => check(claim),
        (error) => isFailure(error, code) || assert.fail(String(error)),
      );
    });
  }

  await t.test('that is anything else is refused by its form', () => {
    const { transaction, body } = makeClaim(world);
    const shapes: Json[] = [null, [], 'x', 1, {}, { application: {} }, { ...body, evidence: null } as unknown as Json];
    const pieces: Json[] = [
      null,
      {},
      { kind: 'evidence', payload: null },
      { kind: 'evidence', payload: { issuer: null } },
    ];
    for (const wrong of [...shapes, ...pieces.map((one) => ({ ...body, evidence: [one] }) as unknown as Json)]) {
      assert.throws(
        () => checkClaim(ctx, transaction, wrong),
        (error) => isFailure(error, 'CLAIM_INVALID'),
      );
    }
  });

  await t.test('from a state that is no party of the contract is refused', () => {
    const parties = agreement.parties.filter((state) => state !== 'kz');
    const narrowed = { ...ctx, agreements: agreementLibrary([{ ...agreement, parties }]) };
    const { transaction, body } = makeClaim(world);
    assert.throws(
      () => checkClaim(narrowed, transaction, body as unknown as Json),
      (error) => isFailure(error, 'CLAIM_CONTRACT_UNKNOWN'),
    );
  });

  await t.test('is refused where the annex at hand is not the one that was ratified', () => {
    const { ru } = agreement.annexes;
    if (ru === undefined) throw new Error('no annex');
    const annexes = { ...agreement.annexes, ru: { ...ru, digest: 'e'.repeat(64) } };
    const changed = { ...ctx, agreements: agreementLibrary([{ ...agreement, annexes }]) };
    const { transaction, body } = makeClaim(world);
    assert.throws(
      () => checkClaim(changed, transaction, body as unknown as Json),
      (error) => isFailure(error, 'CLAIM_CONTRACT_UNKNOWN'),
    );
  });
});

const ANSWERS = {
  statesOfWork: ['kz', 'ru'],
  kindOfPension: 'old-age',
  payingStates: ['kz', 'ru'],
  consent: true,
  contactLanguage: 'en',
};

function answered(change: { [field: string]: Json }): ClaimChange {
  return { payload: { answers: { ...ANSWERS, ...change } } };
}

function reseal({ body }: TestClaim, key: Parameters<typeof seal>[2][number]) {
  return seal('application', body.application.payload, [key]);
}
