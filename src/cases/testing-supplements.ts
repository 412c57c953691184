import type { TestContext } from 'node:test';
import type { SealedSupplement } from '../applications/index.ts';
import { evidenceOf, NOW } from '../applications/testing.ts';
import { digestOf, type Sealed, type SigningKey, seal } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import type { Json } from '../storage/index.ts';
import { openCaseFile, queueOf } from './read.ts';
import { supplementArrived } from './supplement.ts';
import { makeClaim, officer, testDecider } from './testing.ts';

const KEY = 'insured-periods/ru';
export const [ANNA, OLEG] = [officer('anna'), officer('oleg')];
export const LATER = '2026-11-24T10:00:00.000Z';

/** Work in Russia long enough for a pension by itself. */
const LONG = {
  periods: [
    {
      state: 'ru',
      employer: 'Volga',
      from: '2000-01-01',
      to: '2024-06-30',
      kind: 'employment',
      contributionsPaid: true,
    },
  ],
};

/** A case in Russia that was opened without a piece of evidence that had not come in time; two days later it is there. */
export async function lackingCase(t: TestContext, key = KEY) {
  const decider = await testDecider(t);
  const { ctx, founded, agreement } = decider;
  const claim = makeClaim(decider, {
    evidence: (pieces, of) =>
      pieces.flatMap((piece) => {
        const { type, issuer } = piece.payload;
        if (`${type}/${issuer.state}` === key) return [];
        return `${type}/${issuer.state}` === KEY
          ? [evidenceOf(founded, agreement, { type, state: 'ru', ...of }, { facts: LONG })]
          : [piece];
      }),
    payload: { unanswered: [key] },
  });
  await decider.deliver(claim);
  const [row] = await queueOf(ctx, ANNA, 'waiting');
  const id = row?.id ?? '';
  ctx.clock.advance(Date.parse(LATER) - Date.parse(NOW));
  const { id: application, reference } = claim.body.application.payload;
  const of = { type: 'insured-periods', state: key.slice(-2), application, reference, at: LATER };
  const signer = founded.keys.kz?.messages as SigningKey;

  /** What kz sends, with what a test changes of it. */
  function body(change: { evidence?: Partial<Evidence>; payload?: Partial<SealedSupplement>; by?: SigningKey } = {}) {
    const evidence = evidenceOf(founded, agreement, of, change.evidence);
    const payload: SealedSupplement = {
      application,
      reference,
      home: 'kz',
      key,
      evidence: digestOf(evidence as unknown as Json),
      actor: { reference, assurance: 'substantial' },
      at: LATER,
      ...change.payload,
    };
    return { supplement: seal('supplement', payload, [change.by ?? signer]), evidence };
  }
  const arrive = (given: { supplement: Sealed<SealedSupplement>; evidence: Sealed<Evidence> }, from = 'kz') =>
    ctx.db.transaction((tx) => supplementArrived(ctx, tx, from, given as unknown as Json));
  const file = () => openCaseFile(ctx, ANNA, id);
  return { decider, ctx, id, body, arrive, file };
}
