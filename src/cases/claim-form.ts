import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { CarriedFile, SealedApplication } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { assurance, closed, digest, EvidencePiece, id, instant, name, signatures, state } from './message-forms.ts';

/** For whom she acts, as her home state's register says. */
const Mandate = Type.Object(
  { kind: Type.Union([Type.Literal('child'), Type.Literal('organisation')]), number: name, name, register: name },
  closed,
);

/** Who acts for the applicant by a mandate that she gave, as her home state keeps it. */
const Given = Type.Object(
  {
    kind: Type.Literal('given'),
    id,
    holder: Type.Object({ kind: Type.Literal('organisation'), number: name, name }, closed),
    service: name,
    until: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
  },
  closed,
);

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
        assurance,
        mandate: Type.Union([Mandate, Given, Type.Null()]),
        language: Type.String({ maxLength: 20 }),
      },
      closed,
    ),
    page: digest,
    filedAt: instant,
    filedOn: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
    evidence: Type.Array(digest, { maxItems: 200 }),
    waived: Type.Array(name, { maxItems: 200 }),
    unanswered: Type.Array(name, { maxItems: 200 }),
    deciders: Type.Array(state, { maxItems: 100 }),
  },
  closed,
);

const ClaimForm = Type.Object(
  {
    application: Type.Object({ kind: Type.Literal('application'), payload: Application, signatures }, closed),
    evidence: Type.Array(EvidencePiece, { maxItems: 200 }),
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
