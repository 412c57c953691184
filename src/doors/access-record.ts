import type { Readable } from 'node:stream';
import {
  type Grant,
  minimise,
  type NamedPerson,
  namedInAnswer,
  namedInCall,
  type PersonPlace,
  readPersonPlaces,
  type Service,
  type SystemId,
  serviceName,
  stateOfAgency,
} from '../access/index.ts';
import type { Body } from '../calls/index.ts';
import { type AccessGround, recordAccess } from '../persons/index.ts';
import { personOfNumber } from '../registers/index.ts';
import { Failure, isFailure, type Json } from '../storage/index.ts';
import type { DoorsContext } from './context.ts';
import { drain, firstBytes, type Header, isJson, jsonOf } from './read-body.ts';

/** A call that the access rights allow, whatever protocol it came by. */
export interface AllowedCall {
  /** One call has one id, however often it is delivered. */
  id: string;
  caller: SystemId;
  /** The officer behind it, as the calling system names him. */
  user?: string | undefined;
  service: Service;
  grant: Grant;
  /** Canonical, as it is forwarded. */
  path: string;
  /** With its question mark, or empty. */
  rawQuery: string;
  headers: readonly Header[];
  /** As it is forwarded: null where it is not. */
  body: Body;
}

/** What a service answers. */
export interface ServiceAnswer {
  status: number;
  headers: readonly Header[];
  body: Body;
}

/** What is read whole: bodies and answers in which persons are named, and answers of which only some fields may go through. */
const MOST_READ = 8 * 1024 * 1024;
/** Each is told of it, in the transaction before the answer leaves. */
const MOST_PERSONS = 1000;
/** All of an answer, where its parts have no names. */
const WHOLE = '*';

/**
 * Asks a service for an allowed call, and gives what may go on of its answer. Before that, each person whom the call concerns has exactly
 * one entry in her access record, durable: who asked whom, for what, on which ground, and which fields went. Her home node is told where
 * she is at home in another state. A call whose person cannot be told does not reach the service; an answer whose persons cannot be told
 * does not leave.
 *
 * @param ask asks the service, with the body that is to be sent
 * @throws Failure ACCESS_PERSON_UNNAMED, DOORS_ANSWER_NOT_JSON, DOORS_ANSWER_TOO_LARGE, DOORS_ANSWER_UNNAMED, DOORS_PERSONS_TOO_MANY; those of
 *   `ask`
 * @example const answer = await recorded(ctx, { id, caller, ...allowed, rawQuery, headers, body }, (sent) => askService({ ...sent }))
 */
export async function recorded<A extends ServiceAnswer>(
  ctx: DoorsContext,
  call: AllowedCall,
  ask: (body: Body) => Promise<A>,
): Promise<A> {
  const { service, grant, path, rawQuery, headers } = call;
  const places = placesOf(service);
  const isInBody = places.some((place) => place.in === 'body');
  const body = isInBody && call.body !== null ? await wholeBody(call.body) : call.body;
  const content = isInBody && body instanceof Uint8Array ? jsonOf(body) : undefined;
  const named = namedInCall(places, {
    path,
    rawQuery,
    headers,
    ...(content === undefined ? {} : { body: content }),
  });
  const answer = await ask(body);
  try {
    const read = named === undefined && grant.fields === null ? { answer } : await readAnswer(answer);
    if (named !== undefined) {
      const persons = [...named, ...personsOf(places, read)];
      await record(ctx, call, persons, fieldsOf(grant, read));
      if (persons.length === 0 && isRefusal(read.answer)) return { ...read.answer, body: null };
    }
    return grant.fields === null ? read.answer : reduced(read, grant.fields);
  } catch (error) {
    drain(answer.body);
    throw error;
  }
}

/** As they were read, by the list that the rules in force hold: what does not change is not read anew for every call. */
const known = new WeakMap<readonly string[], PersonPlace[]>();

function placesOf({ persons }: Service): PersonPlace[] {
  const texts = persons ?? [];
  const before = known.get(texts);
  if (before !== undefined) return before;
  const places = readPersonPlaces(texts);
  known.set(texts, places);
  return places;
}

interface ReadAnswer<A> {
  /** As it came; its body whole where it was read. */
  answer: A;
  /** Where it is JSON and not too large. */
  json?: Json;
  tooLarge?: boolean;
}

async function readAnswer<A extends ServiceAnswer>(answer: A): Promise<ReadAnswer<A>> {
  if (answer.body === null || !isJson(answer.headers)) return { answer };
  const [start, rest] = await firstBytes(answer.body, MOST_READ);
  if (rest !== undefined) return { answer: { ...answer, body: rest }, tooLarge: true };
  const json = jsonOf(start);
  return { answer: { ...answer, body: start }, ...(json === undefined ? {} : { json }) };
}

/** Whom the answer names where the service declares places in it. A refusal of the service may name nobody. */
function personsOf(places: readonly PersonPlace[], read: ReadAnswer<ServiceAnswer>): NamedPerson[] {
  if (!places.some((place) => place.in === 'answer')) return [];
  const { answer, json, tooLarge } = read;
  if (answer.body === null || (answer.body instanceof Uint8Array && answer.body.length === 0)) return [];
  try {
    if (tooLarge) throw new Failure('DOORS_ANSWER_TOO_LARGE', { most: MOST_READ });
    if (json === undefined) throw new Failure('DOORS_ANSWER_UNNAMED', { reason: 'it is not JSON' });
    return namedInAnswer(places, json);
  } catch (error) {
    if (isRefusal(answer)) return [];
    if (isFailure(error, 'ACCESS_PERSON_UNNAMED'))
      throw new Failure('DOORS_ANSWER_UNNAMED', { reason: String(error.params.reason) });
    throw error;
  }
}

const isRefusal = ({ status }: ServiceAnswer): boolean => status >= 400;

/** What of her data went: the grant's fields, else the names at the top of the answer, else all of it. Nothing, where the service refused. */
function fieldsOf({ fields }: Grant, { answer, json }: ReadAnswer<ServiceAnswer>): string[] {
  if (isRefusal(answer) || answer.body === null) return [];
  if (fields !== null) return fields;
  const objects = (Array.isArray(json) ? json : [json]).filter(
    (one): one is { [name: string]: Json } => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
  const names = [...new Set(objects.flatMap((one) => Object.keys(one)))].filter(
    (name) => name !== '' && name.length <= 100,
  );
  return json === undefined || names.length === 0 || names.length > 200 ? [WHOLE] : names.map((name) => `/${name}`);
}

async function record(
  ctx: DoorsContext,
  call: AllowedCall,
  named: readonly NamedPerson[],
  fields: string[],
): Promise<void> {
  if (named.length === 0) return;
  if (named.length > MOST_PERSONS) throw new Failure('DOORS_PERSONS_TOO_MANY', { most: MOST_PERSONS });
  const { caller, service, grant } = call;
  const { self } = ctx.trust;
  const withheldUntil = 'agreement' in grant.purpose ? ctx.withheldUntil?.(grant.purpose) : undefined;
  // One order for all, so that two calls about the same persons do not wait for each other.
  const persons = named
    .map(({ number, state = self }) => ({ state, value: number }))
    .toSorted((a, b) => `${a.state} ${a.value}`.localeCompare(`${b.state} ${b.value}`));
  await ctx.db.transaction(async (tx) => {
    for (const person of persons) {
      await recordAccess(tx, ctx, {
        subject: await personOfNumber(tx, self, person),
        agency: service.agency,
        caller: {
          state: stateOfAgency(caller.agency),
          agency: caller.agency,
          system: caller.system,
          user: userOf(call.user),
        },
        service: serviceName(service),
        fields,
        ...purposeOf(grant),
        cause: `call/${call.id}`,
        ...(withheldUntil === undefined ? {} : { withheldUntil }),
      });
    }
  });
}

/** Free text of another system: shown to the person, so only what can be shown. */
function userOf(user: string | undefined): string | null {
  const shown = Array.from(user ?? '', (character) => (/[\p{Cc}\p{Cf}]/u.test(character) ? ' ' : character));
  return shown.join('').trim().slice(0, 200) || null;
}

function purposeOf({ purpose }: Grant): { purpose: string; ground: AccessGround } {
  if ('ground' in purpose) return { purpose: 'call', ground: { kind: 'law', article: purpose.ground } };
  return { purpose: `${purpose.agreement}.call`, ground: { kind: 'law', article: purpose.article } };
}

/** Only what the grant names of a JSON answer; what is not JSON does not go through at all. Refusals of the service have no content then. */
function reduced<A extends ServiceAnswer>({ answer, json, tooLarge }: ReadAnswer<A>, fields: readonly string[]): A {
  if (answer.body === null) return answer;
  if (tooLarge) throw new Failure('DOORS_ANSWER_TOO_LARGE', { most: MOST_READ });
  if (json === undefined) throw new Failure('DOORS_ANSWER_NOT_JSON');
  return { ...answer, body: Buffer.from(JSON.stringify(minimise(json, fields)), 'utf8') };
}

async function wholeBody(body: Uint8Array | Readable): Promise<Uint8Array> {
  const [start, rest] = await firstBytes(body, MOST_READ);
  if (rest === undefined) return start;
  drain(rest);
  throw new Failure('ACCESS_PERSON_UNNAMED', { reason: 'its body is larger than what is read' });
}
