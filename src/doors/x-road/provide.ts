import { countBytes, decide, type Grant, type SystemId, serviceName, stateOfAgency } from '../../access/index.ts';
import type { Body, IncomingCall, Serve } from '../../calls/index.ts';
import { isId, randomId } from '../../crypto/index.ts';
import { msSince, noteHop, traceOf, traceOfId, traceparentFor } from '../../measures/index.ts';
import { failureSentence, isFailure } from '../../storage/index.ts';
import { recorded } from '../access-record.ts';
import { conforming } from '../conforming.ts';
import type { DoorsContext } from '../context.ts';
import { doorsFailures } from '../failures.ts';
import { type AnswerHead, carryAnswer, carryError, openRequest } from './carried.ts';
import { AMBIGUOUS_PATH, WANTS_MESSAGE, XRoadError } from './errors.ts';
import { answerable, valuesOf } from './head.ts';
import { clientParts, serverOf, spelled, systemOf } from './identifiers.ts';
import { answerMetaservice, METASERVICES } from './metaservices.ts';
import { BODILESS, readCarried, type XRoadRequest } from './request.ts';
import { askService } from './service.ts';

interface Answer extends AnswerHead {
  body: Body;
}

/**
 * The provider's side of the door: who asks was proven by his node, whose word the connection proved; the access rights of this state
 * decide; the system behind is asked and its answer passed on as it is. Refusals are answers.
 */
export function serveXRoad(ctx: DoorsContext): Serve {
  return async (call) => {
    const { head, body } = call;
    let request: XRoadRequest | undefined;
    const span: Span = { began: performance.now(), id: randomId() };
    const note = (outcome: string | number) =>
      noteHop(
        {
          hop: 'serve',
          trace: span.trace ?? traceOfId(span.id),
          peer: call.from,
          id: span.id,
          ...(span.service === undefined ? {} : { what: span.service }),
          outcome,
          ms: msSince(span.began),
          ...(span.waitedMs === undefined ? {} : { waitedMs: span.waitedMs }),
        },
        ctx.hop,
      );
    try {
      request = readCarried(openRequest(head));
      // What another node says is an id is one only if it looks like it.
      if (isId(request.requestId)) span.id = request.requestId;
      span.trace = traceOf(valuesOf(request.headers, 'traceparent').at(-1)) ?? traceOfId(span.id);
      const { body: content, ...answer } = await answerRequest(ctx, call, request, span);
      note(answer.status);
      return { head: carryAnswer(answer), body: content };
    } catch (error) {
      drain(body);
      const refused = refusal(ctx, error, request);
      note(refused.code);
      return { head: carryError(refused), body: null };
    }
  };
}

/** What is known of a call while it is served, for the log. */
interface Span {
  began: number;
  /** The request id that the caller's node gave. */
  id: string;
  trace?: string;
  /** Known here, and granted: what a caller writes is not logged. */
  service?: string;
  waitedMs?: number;
}

async function answerRequest(
  ctx: DoorsContext,
  { id, from, body, mode, signal, since }: IncomingCall,
  request: XRoadRequest,
  span: Span,
): Promise<Answer> {
  const caller = systemOf(clientParts(request.client));
  // A node speaks for the systems of its own state alone.
  if (caller === undefined || stateOfAgency(caller.agency) !== from) {
    const name = spelled(request.client.subsystem === undefined ? 'MEMBER' : 'SUBSYSTEM', clientParts(request.client));
    throw new XRoadError('server', 'unknown_member', `Client '${name}' not found`);
  }
  const provider = await demandProvider(ctx, request);
  const code = request.service[4] ?? '';
  if (METASERVICES.includes(code)) {
    drain(body);
    return jsonAnswer(await answerMetaservice(ctx, caller, provider, request));
  }
  const { method, rawPath } = request;
  const wanted = { caller, service: { ...provider, service: code }, method, rawPath, mode, since };
  const { service, grant, path } = await decide(ctx, wanted);
  span.service = serviceName(service);
  const forwarded = BODILESS.includes(request.method) ? null : body;
  if (forwarded === null) drain(body);
  // What is read here must come as it is.
  const headers =
    grant.fields === null && (service.conformance?.answers ?? 'off') === 'off'
      ? request.headers
      : request.headers.filter(([name]) => name.toLowerCase() !== 'accept-encoding');
  const parts = { service, path, rawQuery: request.rawQuery, headers };
  const held = await conforming<AnswerHead & { body: Body }>(ctx, { ...parts, method, body: forwarded });
  const asked = measured(held.body);
  const answer = await recorded(
    ctx,
    {
      id: `${from}/${id}`,
      caller,
      user: valuesOf(request.headers, 'x-road-userid').at(-1),
      ...{ ...parts, grant, body: held.body },
    },
    async (sent) => {
      const url = `${service.url}${path}${request.rawQuery}`;
      const began = performance.now();
      const traced = withTrace(headers, span.trace);
      const given = await askService({ url, method: request.method, headers: traced, body: sent, signal });
      span.waitedMs = msSince(began);
      return held.checked({ ...given, headers: answerable(given.headers) });
    },
  );
  return counted(ctx, grant, asked, answer);
}

/** What the caller sent goes on as it is; a service whose caller began no trace gets the one under which both nodes log the call. */
const withTrace = (headers: XRoadRequest['headers'], trace = ''): XRoadRequest['headers'] =>
  valuesOf(headers, 'traceparent').length > 0 ? headers : [...headers, ['traceparent', traceparentFor(trace)]];

async function demandProvider(ctx: DoorsContext, request: XRoadRequest): Promise<SystemId> {
  const { self } = ctx.trust;
  const wanted = valuesOf(request.headers, 'x-road-security-server').at(-1);
  if (wanted !== undefined && wanted !== serverOf(self).join('/'))
    throw new XRoadError(
      'server',
      'invalid_security_server',
      `Could not find security server ${spelled('SERVER', serverOf(self))}`,
    );
  const provider = systemOf(request.service);
  if (provider === undefined || stateOfAgency(provider.agency) !== self)
    throw new XRoadError(
      'server',
      'unknown_member',
      `Client '${spelled('SUBSYSTEM', request.service.slice(0, 4))}' not found`,
    );
  return provider;
}

function jsonAnswer(value: unknown): Answer {
  const body = Buffer.from(JSON.stringify(value), 'utf8');
  return { status: 200, reason: 'OK', headers: [['Content-Type', 'application/json;charset=utf-8']], body };
}

/** How much of a body has passed so far. What a stream says of itself does not count: it is what goes through that does. */
function measured(body: Body): () => number {
  if (body === null || body instanceof Uint8Array) return () => body?.length ?? 0;
  let bytes = 0;
  body.on('data', (part: Uint8Array) => {
    bytes += part.length;
  });
  // Only whoever reads it lets it flow.
  body.pause();
  return () => bytes;
}

/** Adds what passes in both directions to what the grant has used, once the answer has passed. */
function counted(ctx: DoorsContext, grant: Grant, asked: () => number, answer: Answer): Answer {
  if (grant.quota?.bytes === undefined) return answer;
  const answered = measured(answer.body);
  const count = () =>
    void countBytes(ctx, grant, asked() + answered()).catch((error: unknown) => ctx.report('quota', error));
  const { body } = answer;
  if (body === null || body instanceof Uint8Array) count();
  else body.once('close', count);
  return answer;
}

/** A stream that nobody reads would hold its connection. */
function drain(body: Body): void {
  if (body !== null && !(body instanceof Uint8Array)) body.resume();
}

/** What the other gateway is told; what went wrong inside is told to the log under the same id. */
function refusal(ctx: DoorsContext, error: unknown, request: XRoadRequest | undefined): XRoadError {
  const name = spelled('SERVICE', request?.service ?? []);
  if (error instanceof XRoadError) {
    return error.detail === undefined ? new XRoadError('server', error.code, error.message, randomId()) : error;
  }
  if (isFailure(error)) {
    const detail = typeof error.params.denial === 'string' ? error.params.denial : randomId();
    const refused = (code: string, text: string) => new XRoadError('server', code, text, detail);
    switch (error.code) {
      case 'ACCESS_PATH':
        return refused(AMBIGUOUS_PATH, `Ambiguous path: ${error.params.reason}`);
      case 'ACCESS_MODE':
        return refused(WANTS_MESSAGE, `Each call of ${name} wants a signature of its own`);
      case 'ACCESS_DENIED':
        return refused('access_denied', `Request is not allowed: ${name}`);
      case 'ACCESS_QUOTA':
        return refused('quota_exceeded', `The quota for ${name} is used up until ${error.params.until}`);
      case 'ACCESS_SERVICE_UNKNOWN':
        return refused('unknown_service', `Unknown service: ${name}`);
      case 'ACCESS_SERVICE_DISABLED':
        return refused('service_disabled', `Service ${name} is disabled: ${error.params.notice}`);
      case 'ACCESS_PERSON_UNNAMED':
        return refused('bad_request', `The call does not name the person it is about: ${error.params.reason}`);
      case 'ACCESS_SERVICE_UNDESCRIBED':
        return refused('service_failed', `Service ${name} does not say whether its calls concern persons`);
      case 'DOORS_REQUEST_NONCONFORMING':
      case 'DOORS_REQUEST_UNCHECKED':
        return refused('bad_request', failureSentence(doorsFailures, error));
      case 'DOORS_ANSWER_NONCONFORMING':
      case 'DOORS_ANSWER_UNCHECKED':
      case 'DOORS_ANSWER_NOT_JSON':
      case 'DOORS_ANSWER_TOO_LARGE':
      case 'DOORS_ANSWER_UNNAMED':
      case 'DOORS_PERSONS_TOO_MANY':
        return refused('service_failed', failureSentence(doorsFailures, error));
    }
  }
  const detail = randomId();
  ctx.report(detail, error);
  return new XRoadError('server', 'internal_error', 'Internal error', detail);
}
