import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { CarriedFile, SealedApplication } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json } from '../storage/index.ts';

const closed = { additionalProperties: false } as const;
const id = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const name = Type.String({ minLength: 1, maxLength: 200 });
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const state = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' });
const signatures = Type.Array(Type.Object({ key: name, value: name }, closed), { minItems: 1, maxItems: 1 });

const Application = Type.Object(
  {
    id,
    reference: name,
    home: state,
    agreement: name,
    contract: digest,
    service: name,
    answers: Type.Record(Type.String(), Type.Unknown()),
    actor: Type.Object(
      {
        reference: name,
        assurance: Type.Union([Type.Literal('low'), Type.Literal('substantial'), Type.Literal('high')]),
        mandate: Type.Null(),
        language: Type.String({ maxLength: 20 }),
      },
      closed,
    ),
    page: digest,
    filedAt: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
    filedOn: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
    evidence: Type.Array(digest, { maxItems: 200 }),
    waived: Type.Array(name, { maxItems: 200 }),
    deciders: Type.Array(state, { maxItems: 100 }),
  },
  closed,
);

/** Of evidence only what is read before its own signature is checked. */
const Piece = Type.Object({
  kind: Type.Literal('evidence'),
  payload: Type.Object({ type: name, issuer: Type.Object({ state }), issuedAt: Type.String() }),
  signatures,
});

const ClaimForm = Type.Object(
  {
    application: Type.Object({ kind: Type.Literal('application'), payload: Application, signatures }, closed),
    evidence: Type.Array(Piece, { maxItems: 200 }),
    files: Type.Optional(
      Type.Array(Type.Object({ digest, bytes: Type.String({ maxLength: 8_000_000 }) }, closed), { maxItems: 200 }),
    ),
  },
  closed,
);

/** What a claim says before any of it is believed. */
export interface ClaimBody {
  application: Sealed<SealedApplication>;
  evidence: Sealed<Evidence>[];
  files?: CarriedFile[];
}

/**
 * A claim in its form: nothing of another state's message is read that was not held against a form first.
 * @throws Failure CLAIM_INVALID with the place that is wrong
 */
export function readClaim(body: Json): ClaimBody {
  if (!Value.Check(ClaimForm, body)) {
    const [first] = Value.Errors(ClaimForm, body);
    throw new Failure('CLAIM_INVALID', {
      reason: `its form is wrong at ${(first?.instancePath || '/').slice(0, 100)}`,
    });
  }
  const claim = body as unknown as ClaimBody;
  if (Number.isNaN(Date.parse(claim.application.payload.filedAt))) {
    throw new Failure('CLAIM_INVALID', { reason: 'its time does not exist' });
  }
  return claim;
}
