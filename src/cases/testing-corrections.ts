import type { TestContext } from 'node:test';
import type { Agreement, Service } from '../agreements/index.ts';
import type { SealedApplication, SealedCorrectionRequest } from '../applications/index.ts';
import { evidenceOf, NOW, pension } from '../applications/testing.ts';
import { digestOf, randomId, type Sealed, type SigningKey, seal } from '../crypto/index.ts';
import { listTransactions } from '../exchange/index.ts';
import type { Evidence } from '../registers/index.ts';
import type { Json } from '../storage/index.ts';
import { confirmCase } from './confirm.ts';
import { correctionAsked } from './correction-asked.ts';
import { openCaseFile } from './read.ts';
import { makeClaim, officer, testDecider } from './testing.ts';

export const [ANNA, OLEG, VERA] = [officer('anna'), officer('oleg'), officer('vera')];

const period = (from: string, to: string) => ({
  ...{ state: 'ru', employer: 'Volga', kind: 'employment', contributionsPaid: true, from, to },
});
/** Work in Russia as its register had it first, a year too short, and as it has it after its correction. */
const SHORT = { periods: [period('2022-04-01', '2022-12-31')] };
export const RIGHT = { periods: [period('2022-04-01', '2024-06-30')] };

type Facts = { [fact: string]: Json };

/** The pension whose corrections want other officers than these. */
async function withDistinct(distinctFrom: string[]): Promise<Agreement> {
  const agreement = await pension();
  const { pension: service, ...services } = agreement.services;
  const correct = service?.actions.correct;
  if (service === undefined || correct === undefined) throw new RangeError('the pension knows no correction');
  const actions = { correct: { ...correct, confirmations: { count: 1, distinctFrom } } };
  return { ...agreement, services: { ...services, pension: { ...service, actions } } };
}

/** Who acted for the applicant, and what the service says of it. */
interface Acted {
  service: Pick<Service, 'byMandate'>;
  actor: SealedApplication['actor'];
}

async function actedIn(acted: Acted | undefined): Promise<Agreement | undefined> {
  if (acted === undefined) return undefined;
  const agreement = await pension();
  const { pension: service, ...services } = agreement.services;
  if (service === undefined) throw new RangeError('no pension');
  return { ...agreement, services: { ...services, pension: { ...service, ...acted.service } } };
}

/** Two days after the claim, when the register's row has been corrected. */
export const LATER = '2026-11-24T10:00:00.000Z';

/** Russia's decided case: refused, since its own register had a year wrong; two days later the register is right. */
export async function decidedCase(t: TestContext, facts: Facts = SHORT, distinctFrom?: string[], acted?: Acted) {
  const decider = await testDecider(t, 'ru', distinctFrom ? await withDistinct(distinctFrom) : await actedIn(acted));
  const { ctx, founded, agreement } = decider;
  const claim = makeClaim(decider, {
    ...(acted === undefined ? {} : { payload: { actor: acted.actor as SealedApplication['actor'] & Json } }),
    evidence: (pieces, of) =>
      pieces.map((piece) => {
        const { type, issuer } = piece.payload;
        return `${type}/${issuer.state}` === 'insured-periods/ru'
          ? evidenceOf(founded, agreement, { type, state: 'ru', ...of }, { facts })
          : piece;
      }),
  });
  const transaction = await decider.deliver(claim);
  const [row] = await ctx.db.query<{ id: string }>('select id from cases');
  const id = row?.id ?? '';
  const file = () => openCaseFile(ctx, ANNA, id);
  for (const who of [ANNA, OLEG]) {
    const { state } = await file();
    await confirmCase(ctx, who, id, { proposal: state.proposal?.digest ?? '', basis: state.basis });
  }
  ctx.clock.advance(Date.parse(LATER) - Date.parse(NOW));
  const { id: application, reference } = claim.body.application.payload;
  const decision = digestOf((await file()).state.decision as unknown as Json);
  const signer = founded.keys.kz?.messages as SigningKey;

  /** What kz asks for her, with the register's answer of today, and with what a test changes of it. */
  function request(
    change: {
      payload?: Partial<SealedCorrectionRequest>;
      evidence?: Partial<Evidence>;
      of?: { type: string; state: string };
      by?: SigningKey;
      without?: boolean;
    } = {},
  ) {
    const of = { type: 'insured-periods', state: 'ru', application, reference, at: LATER, ...change.of };
    const evidence = change.without ? [] : [evidenceOf(founded, agreement, of, { facts: RIGHT, ...change.evidence })];
    const payload: SealedCorrectionRequest = {
      application,
      reference,
      home: 'kz',
      state: 'ru',
      agency: 'ru.pension-fund',
      decision,
      reason: 'The year 2023 is missing',
      evidence: evidence.map((sealed) => digestOf(sealed as unknown as Json)),
      actor: { reference, assurance: 'substantial' },
      at: LATER,
      ...change.payload,
    };
    return { request: seal('correction-request', payload, [change.by ?? signer]), evidence };
  }

  /** Brings a request as the exchange would. Gives its transaction. */
  async function ask(
    body: { request: Sealed<SealedCorrectionRequest>; evidence: Sealed<Evidence>[] } = request(),
    change: { from?: string; code?: string; toAgency?: string } = {},
  ) {
    const { from = 'kz', code = 'P.PN.01.TRN.010', toAgency = 'ru.pension-fund' } = change;
    const asked = randomId();
    await ctx.db.query(
      `insert into exchange_transaction (lane, id, direction, code, pattern, operation, agreement, contract, from_state, to_state,
         from_agency, to_agency, application, status, request, request_digest, retries, timers, begun_at)
       values ($1, $2, 'in', $3, 'requestResponse', 'askCorrection', 'pension', $4, $5, 'ru', $6, $7, $1, 'received', $8, 'd', 0,
         '{}', $9)`,
      [
        application,
        asked,
        code,
        agreement.contractDigest,
        from,
        `${from}.portal`,
        toAgency,
        randomId(),
        ctx.clock.now(),
      ],
    );
    const [record] = await listTransactions(ctx.db, { id: asked });
    if (record === undefined) throw new RangeError(asked);
    await ctx.db.transaction((tx) => correctionAsked(ctx, tx, record, body as unknown as Json));
    return asked;
  }

  const basis = async () => (await file()).state.basis;
  return { ...decider, id, transaction, application, file, basis, decision, request, ask };
}
