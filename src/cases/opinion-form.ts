import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { closed, EvidencePiece, name } from './message-forms.ts';

const plain = Type.Union([Type.String({ maxLength: 2000 }), Type.Number(), Type.Boolean(), Type.Null()]);

/** Plain values, or lists of them: what is more is evidence, and travels signed by itself. */
export const PlainValues = Type.Record(
  Type.String({ maxLength: 60 }),
  Type.Union([plain, Type.Array(plain, { maxItems: 200 })]),
);

const Question = Type.Object(
  {
    service: name,
    stage: name,
    application: name,
    subject: Type.Object({ home: name, reference: name }, closed),
    shows: PlainValues,
  },
  closed,
);

/** What a deciding authority asks: by which stage of which service, about whom, and what it shows of the case. */
export interface OpinionQuestion {
  service: string;
  stage: string;
  application: string;
  subject: { home: string; reference: string };
  shows: Record<string, Json>;
}

/** @throws Failure OPINION_INVALID */
export function readQuestion(body: Json): OpinionQuestion {
  if (!Value.Check(Question, body)) throw new Failure('OPINION_INVALID', { reason: 'it has not its form' });
  return body as unknown as OpinionQuestion;
}

const Answer = Type.Object({ evidence: EvidencePiece }, closed);

/** The opinion as it came, before any of it is believed. @throws Failure OPINION_INVALID */
export function readOpinion(body: Json): Sealed<Evidence> {
  if (!Value.Check(Answer, body)) throw new Failure('OPINION_INVALID', { reason: 'the answer has not its form' });
  return (body as unknown as { evidence: Sealed<Evidence> }).evidence;
}
