import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Agreement } from '../agreements/index.ts';
import { isId, type Sealed } from '../crypto/index.ts';
import { issuerOf, verifyPaperCode, verifySdJwt } from '../documents/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';
import { Failure, isFailure, type Json } from '../storage/index.ts';
import type { SealedDecision } from './types.ts';

/** A document as it comes with a decision. */
export interface AnsweredDocument {
  id: string;
  type: string;
  credential: string;
  paper: string;
}

/** What a deciding node answers to a claim. */
export interface ClaimAnswer {
  decision: Sealed<SealedDecision>;
  document?: AnsweredDocument;
}

const closed = { additionalProperties: false } as const;
/** A document beside a decision, before anything of it is believed. */
export const AnsweredDocumentForm = Type.Object(
  {
    id: Type.String(),
    type: Type.String({ maxLength: 200 }),
    credential: Type.String({ maxLength: 1_000_000 }),
    paper: Type.String({ maxLength: 10_000 }),
  },
  closed,
);
const AnswerForm = Type.Object({ decision: Type.Object({}), document: Type.Optional(AnsweredDocumentForm) }, closed);

/**
 * The answer to a claim in its form; its parts are checked apart.
 * @throws Failure DECISION_INVALID
 */
export function readClaimAnswer(body: Json): ClaimAnswer {
  if (!Value.Check(AnswerForm, body)) throw new Failure('DECISION_INVALID', { reason: 'the answer has not its form' });
  return body as unknown as ClaimAnswer;
}

/**
 * Checks a document that came with a decision before she is told that she has it: of the type that the service issues, signed under the
 * deciding state's root for the deciding agency, the code for paper of the same document.
 * @throws Failure DOCUMENT_INVALID
 */
export async function verifyAnsweredDocument(
  ctx: Pick<ExchangeContext, 'trust' | 'clock'>,
  document: AnsweredDocument,
  expected: { agreement: Agreement | undefined; decision: SealedDecision },
): Promise<void> {
  const { agreement, decision } = expected;
  const { state, agency } = decision;
  const wrong = (reason: string, cause?: unknown) => new Failure('DOCUMENT_INVALID', { state, reason }, { cause });
  const type = Object.values(agreement?.documents ?? {}).find((one) => one.type === document.type);
  if (!isId(document.id) || type === undefined) throw wrong('of no type of the agreement');
  if (decision.outcome === 'refused') throw wrong('with a refusal');
  try {
    const { claims, issuedAt } = await verifySdJwt(document.credential, {
      now: ctx.clock.now(),
      vct: [type.vct],
      ignoreExpiry: true,
      issuerKey({ x5c, claims: told }) {
        const issuer = issuerOf(ctx.trust, x5c, new Date(Number(told.iat) * 1000).toISOString());
        if (issuer.state !== state) throw wrong('of another state');
        return issuer.key;
      },
    });
    const paper = verifyPaperCode(document.paper, ctx.trust, issuedAt);
    const named = claims.jti === `urn:uuid:${document.id}` && paper.document === document.id && paper.state === state;
    if (!named || claims.issuing_authority !== agency || paper.agency !== agency) throw wrong('of another authority');
  } catch (error) {
    if (isFailure(error, 'DOCUMENT_INVALID')) throw error;
    // Whatever a hostile node wrote there, and however the reading of it stumbles: it is no document.
    throw wrong('it does not prove itself', error);
  }
}
