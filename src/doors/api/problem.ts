import { STATUS_CODES } from 'node:http';
import { accessFailures } from '../../access/index.ts';
import { exchangeFailures } from '../../exchange/index.ts';
import { messagesFailures } from '../../messages/index.ts';
import { PERSONS_FAILURES } from '../../persons/index.ts';
import { Failure, failureSentence } from '../../storage/index.ts';
import { unionFailures } from '../../union/index.ts';
import { doorsFailures } from '../failures.ts';

const SENTENCES = {
  ...unionFailures,
  ...PERSONS_FAILURES,
  ...accessFailures,
  ...exchangeFailures,
  ...messagesFailures,
  ...doorsFailures,
};

/** A problem document, RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  instance: string;
  denial?: string;
}

const STATUS: Readonly<Record<string, number>> = {
  DOORS_API_UNPROVEN: 401,
  DOORS_API_NOT_ADMINISTRATOR: 403,
  ACCESS_DENIED: 403,
  PERSONS_USAGE_OFF: 403,
  ACCESS_AGENCY_FOREIGN: 403,
  DOORS_API_UNKNOWN: 404,
  ACCESS_SERVICE_UNKNOWN: 404,
  ACCESS_GRANT_UNKNOWN: 404,
  ACCESS_DENIAL_UNKNOWN: 404,
  MESSAGES_UNKNOWN: 404,
  MESSAGES_CHANNEL_UNKNOWN: 404,
  MESSAGES_TOPIC_UNKNOWN: 404,
  MESSAGES_SUBSCRIPTION_UNKNOWN: 404,
  DOORS_API_METHOD: 405,
  MESSAGES_KEY_REUSED: 409,
  MESSAGES_NOT_RESENT: 409,
  MESSAGES_ERASED: 409,
  MESSAGES_EVENT_REUSED: 409,
  MESSAGES_SUBSCRIPTION_OVER: 409,
  MESSAGES_PUSHED: 409,
  ACCESS_SERVICE_TAKEN: 409,
  MESSAGES_TOO_LARGE: 413,
  EXCHANGE_TOO_LARGE: 413,
  DOORS_API_TOO_LARGE: 413,
  DOORS_API_MEDIA_TYPE: 415,
  DOORS_API_MALFORMED: 400,
  ACCESS_QUOTA: 429,
  MESSAGES_RATE: 429,
  DOORS_API_RATE: 429,
  DOORS_API_INTERNAL: 500,
  DOORS_API_UNAVAILABLE: 503,
  DOORS_API_PEER: 503,
};

/** A refusal as callers read it. What is no refusal of ours is `DOORS_API_INTERNAL`, and nothing of it goes out. */
export function problemOf(error: unknown, reference: string): Problem {
  const failure = shown(error);
  const status = STATUS[failure.code] ?? 422;
  const { denial } = failure.params;
  return {
    type: `urn:commonway:error:${failure.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: failureSentence(SENTENCES, failure).slice(0, 2000),
    code: failure.code,
    instance: `urn:uuid:${reference}`,
    ...(typeof denial === 'string' && { denial }),
  };
}

/** When the caller may try again, in seconds. */
export function retryAfter(error: unknown, now: number): number | undefined {
  const failure = shown(error);
  if (STATUS[failure.code] === 503) return 5;
  if (STATUS[failure.code] !== 429) return undefined;
  return Math.max(1, Math.ceil((Date.parse(String(failure.params.until)) - now) / 1000) || 1);
}

function shown(error: unknown): Failure {
  if (!(error instanceof Failure)) return new Failure('DOORS_API_INTERNAL');
  if (error.code.startsWith('STORAGE_')) return new Failure('DOORS_API_UNAVAILABLE');
  return Object.hasOwn(SENTENCES, error.code) ? error : new Failure('DOORS_API_INTERNAL');
}
