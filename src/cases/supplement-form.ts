import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { SealedSupplement } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { assurance, closed, digest, EvidencePiece, id, instant, name, signatures, state } from './message-forms.ts';

const Supplement = Type.Object(
  {
    application: id,
    reference: name,
    home: state,
    key: name,
    evidence: digest,
    actor: Type.Object({ reference: name, assurance }, closed),
    at: instant,
  },
  closed,
);

const SupplementForm = Type.Object(
  {
    supplement: Type.Object({ kind: Type.Literal('supplement'), payload: Supplement, signatures }, closed),
    evidence: EvidencePiece,
  },
  closed,
);

/** What was added, before any of it is believed. */
export interface SupplementBody {
  supplement: Sealed<SealedSupplement>;
  evidence: Sealed<Evidence>;
}

/** @throws Failure SUPPLEMENT_INVALID with the place that is wrong */
export function readSupplement(body: Json): SupplementBody {
  if (!Value.Check(SupplementForm, body)) {
    const [first] = Value.Errors(SupplementForm, body);
    const place = (first?.instancePath || '/').slice(0, 100);
    throw new Failure('SUPPLEMENT_INVALID', { reason: `its form is wrong at ${place}` });
  }
  return body as unknown as SupplementBody;
}
