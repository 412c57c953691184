import { type FeelValue, fromJson, toJson } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import { asStates, getService } from '../journey/journey.ts';
import type { Agreement, Notice, OpinionRequest, Stage } from '../types.ts';
import { isAsked } from './asking.ts';
import { type ClaimsInput, scopeOf } from './claims.ts';
import type { Answers } from './types.ts';

/** A stage that tells others. */
export type NoticeStage = Stage & { sends: Notice };

/**
 * The stages of a service that tell the authorities of other states, by the platform as soon as it is decided or by an officer.
 * @throws Failure AGREEMENT_NO_SERVICE
 */
export function noticeStages(agreement: Agreement, service: string, by?: Stage['by']): NoticeStage[] {
  return getService(agreement, service).stages.filter(
    (stage): stage is NoticeStage => stage.sends !== undefined && (by === undefined || stage.by === by),
  );
}

/**
 * What a stage says over a finished decision, and to which states. Its own state is told nothing, it knows.
 * @param more `asked` is what the officer added, already held against `sends.asks`; `before` are the states that the stage told of a
 *   decision that this one corrects: they are told in any case
 * @returns undefined when the stage's condition is not met; `status` is what becomes of the document
 * @example noticeOf(agreement, 'pension', stage, { state: 'ru', decision, answers, evidence, home: 'kz' })?.to // ['kz', 'kg']
 */
export function noticeOf(
  agreement: Agreement,
  service: string,
  { sends }: NoticeStage,
  input: ClaimsInput,
  { asked = {}, before = [] }: { asked?: Answers; before?: readonly string[] } = {},
): { to: string[]; says: Record<string, Json>; status?: 'valid' | 'suspended' | 'revoked' } | undefined {
  const scope: Record<string, FeelValue> = scopeOf(agreement, getService(agreement, service), input);
  for (const field of Object.values(sends.asks)) {
    const given = asked[field.name] ?? null;
    scope[field.name] = given === null ? null : fromJson(given, field.feelType);
  }
  const met = sends.when === undefined || sends.when.compiled.evaluate(scope) === true;
  if (!met && before.length === 0) return undefined;
  const now = met ? asStates(sends.to.compiled.evaluate(scope)) : [];
  const to = [...new Set([...now, ...before])].filter((state) => state !== input.state);
  const status = met ? statusWord(sends.status?.compiled.evaluate(scope)) : undefined;
  return { to, says: said(sends.carries, scope), ...(status === undefined ? {} : { status }) };
}

const statusWord = (value: FeelValue | undefined): 'valid' | 'suspended' | 'revoked' | undefined =>
  value === 'valid' || value === 'suspended' || value === 'revoked' ? value : undefined;

/** A stage that asks officers of other authorities. */
export type RequestStage = Stage & { requests: OpinionRequest };

/**
 * The stages of a service that ask officers of other authorities for their opinion.
 * @throws Failure AGREEMENT_NO_SERVICE
 */
export function requestStages(agreement: Agreement, service: string): RequestStage[] {
  return getService(agreement, service).stages.filter((stage): stage is RequestStage => stage.requests !== undefined);
}

/**
 * What a stage shows of a case to whom it asks, over what the rules propose; what has no value is left out.
 * @returns undefined where the stage does not ask that state in this case: its condition is not met
 */
export function shownOf(
  agreement: Agreement,
  service: string,
  { requests }: RequestStage,
  input: ClaimsInput & { asked: string },
): Record<string, Json> | undefined {
  const scope = scopeOf(agreement, getService(agreement, service), input);
  if (!isAsked(requests, scope, input.asked)) return undefined;
  return said(requests.carries, scope);
}

function said(carries: Notice['carries'], scope: Record<string, FeelValue>): Record<string, Json> {
  const values = Object.entries(carries).map(
    ([name, { value }]) => [name, toJson(value.compiled.evaluate(scope))] as const,
  );
  return Object.fromEntries(values.filter(([, value]) => value !== null));
}
