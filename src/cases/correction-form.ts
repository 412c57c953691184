import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { SealedCorrectionRequest } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { assurance, closed, digest, EvidencePiece, id, instant, name, signatures, state } from './message-forms.ts';

const Request = Type.Object(
  {
    application: id,
    reference: name,
    home: state,
    state,
    agency: name,
    decision: digest,
    reason: Type.String({ minLength: 1, maxLength: 8_000 }),
    evidence: Type.Array(digest, { maxItems: 50 }),
    actor: Type.Object({ reference: name, assurance }, closed),
    at: instant,
  },
  closed,
);

const CorrectionForm = Type.Object(
  {
    request: Type.Object({ kind: Type.Literal('correction-request'), payload: Request, signatures }, closed),
    evidence: Type.Array(EvidencePiece, { maxItems: 50 }),
  },
  closed,
);

/** What asks for a correction, before any of it is believed. */
export interface CorrectionBody {
  request: Sealed<SealedCorrectionRequest>;
  evidence: Sealed<Evidence>[];
}

/** @throws Failure CORRECTION_REQUEST_INVALID with the place that is wrong */
export function readCorrection(body: Json): CorrectionBody {
  if (!Value.Check(CorrectionForm, body)) {
    const [first] = Value.Errors(CorrectionForm, body);
    const place = (first?.instancePath || '/').slice(0, 100);
    throw new Failure('CORRECTION_REQUEST_INVALID', { reason: `its form is wrong at ${place}` });
  }
  return body as unknown as CorrectionBody;
}
