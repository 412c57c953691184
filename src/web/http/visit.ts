import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../applications/index.ts';
import { timeZoneOf } from '../../calendar/index.ts';
import { digestHex } from '../../crypto/index.ts';
import {
  findSession,
  type OfficerAccount,
  type PersonAccount,
  type Session,
  type SignInRequest,
} from '../../identity/index.ts';
import { unreadLetters } from '../../mailbox/index.ts';
import {
  formatDate,
  formatDateShort,
  formatDuration,
  formatList,
  formatNumber,
  isLanguage,
  type Language,
  negotiate,
  stateName,
  texts,
} from '../../texts/index.ts';
import type { WebContext } from '../context.ts';
import type { Assets, Scheme, View } from '../ui/index.ts';
import { readCookie, setCookie } from './cookies.ts';
import { makeFormToken } from './form-token.ts';
import { UploadedFile } from './uploads.ts';

/** One request for a page: who came, what was sent, and how to speak. */
export interface Visit {
  ctx: WebContext;
  view: View;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** The fields of a posted form; a field that was sent several times keeps all its values. */
  fields: Fields;
  session?: Session;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** A visit of a signed-in person, of anybody who is signed in, and of a signed-in officer. */
export type PersonVisit = Visit & { person: PersonAccount; actor: Actor };
export type SignedInVisit = Visit & { session: Session };
export type OfficerVisit = Visit & { officer: OfficerAccount; session: Session };

/** Posted fields. */
export interface Fields {
  /** The last value, trimmed; empty when it was not sent. */
  one(name: string): string;
  all(name: string): string[];
  has(name: string): boolean;
  names(): string[];
  /** An uploaded file; one that was left out has no bytes. */
  file(name: string): UploadedFile | undefined;
}

const FIRST_LANGUAGE: Readonly<Record<string, Language>> = { am: 'hy', by: 'be', kg: 'ky', kz: 'kk', ru: 'ru' };

export const isSecure = (ctx: WebContext): boolean => ctx.web.origin.startsWith('https:');

/** The secret that a visitor's form tokens hang on: her session's, else one of a cookie that means nothing else. */
export function formSecret(ctx: WebContext, request: FastifyRequest): string | undefined {
  return readCookie(request, 'session', isSecure(ctx)) ?? readCookie(request, 'visit', isSecure(ctx));
}

/** Reads the visitor's session, or undefined. */
export async function sessionOf(ctx: WebContext, request: FastifyRequest): Promise<Session | undefined> {
  const token = readCookie(request, 'session', isSecure(ctx));
  return token === undefined ? undefined : findSession(ctx, token);
}

export async function makeView(
  ctx: WebContext,
  assets: Assets,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session | undefined,
): Promise<View> {
  const language = languageOf(ctx, request);
  const words = texts(language);
  const state = ctx.trust.self;
  const zone = timeZoneOf(state);
  const unread = session?.account.kind === 'person' ? await unreadLetters(ctx.db, session.account.id) : 0;
  return {
    language,
    say: words.say,
    find: words.find,
    date: (value) => formatDate(language, value, zone),
    shortDate: (value) => formatDateShort(language, value, zone),
    number: (value) => formatNumber(language, value),
    duration: (iso) => formatDuration(language, iso),
    list: (items) => formatList(language, items),
    stateName: (code) => stateName(language, code),
    agencyName: (agency) => agencyName(ctx, language, agency),
    state,
    states: ctx.trust.states(),
    demo: ctx.trust.charter.demo,
    expired: ctx.trust.expired(),
    face: faceOf(request.url),
    scheme: schemeOf(ctx, request),
    here: request.method === 'GET' ? request.url : '/',
    get formToken() {
      return makeFormToken(ensureSecret(ctx, request, reply));
    },
    assets,
    ...(session === undefined ? {} : { session }),
    unread,
  };
}

function faceOf(url: string): View['face'] {
  const [, first = ''] = url.split(/[/?]/);
  return first === 'desk' || first === 'console' ? first : 'portal';
}

/** The secret of this browser; one that has none gets one. */
export function ensureSecret(ctx: WebContext, request: FastifyRequest, reply: FastifyReply): string {
  return formSecret(ctx, request) ?? newVisit(ctx, request, reply);
}

/** A visitor without a session gets a secret of her own on the first page with a form, and no cookie before. */
function newVisit(ctx: WebContext, request: FastifyRequest, reply: FastifyReply): string {
  const secret = randomBytes(32).toString('base64url');
  setCookie(reply, 'visit', secret, isSecure(ctx));
  request.cookies[isSecure(ctx) ? '__Host-commonway-visit' : 'commonway-visit'] = secret;
  return secret;
}

function languageOf(ctx: WebContext, request: FastifyRequest): Language {
  const chosen = readCookie(request, 'language', isSecure(ctx));
  if (isLanguage(chosen)) return chosen;
  return negotiate(request.headers['accept-language'], FIRST_LANGUAGE[ctx.trust.self] ?? 'en');
}

function schemeOf(ctx: WebContext, request: FastifyRequest): Scheme {
  const chosen = readCookie(request, 'scheme', isSecure(ctx));
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto';
}

/** An agency's name as its own state's manifest gives it. */
function agencyName(ctx: WebContext, language: Language, id: string): string {
  try {
    const { name } = ctx.trust.agency(id.split('.')[0] ?? '', id);
    return name[language] ?? name.en ?? id;
  } catch {
    // A record of an agency that its state has since struck from the manifest is still to be shown.
    return id;
  }
}

/** Fields by which proxies say that they passed a request on, or for whom. */
const PASSED_ON =
  /^(via|(x-)?(original-)?forwarded.*|x-(real|client|cluster-client|original)-.*|(true|fastly)-client-ip|cf-.*)$/;

/** What a sign-in method may judge the request by. */
export function signInRequest(ctx: WebContext, request: FastifyRequest): SignInRequest {
  const passedOn = Object.keys(request.headers).some((name) => PASSED_ON.test(name));
  return {
    remoteAddress: request.socket.remoteAddress ?? '',
    forwarded: passedOn,
    host: hostName(request.headers.host ?? ''),
    browser: browserOf(ctx, request),
  };
}

/** What only this browser can show again, for challenges that it must answer itself: its secret's digest, never the secret. */
function browserOf(ctx: WebContext, request: FastifyRequest): string {
  const secret = formSecret(ctx, request);
  return secret === undefined ? '' : digestHex(`commonway-browser/1\n${secret}`);
}

/** The name in a `Host` header, without the port. */
export const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/** Wraps a parsed body. Anything that is no text is as if it had not been sent; so is U+0000, which no database column takes. */
export function readFields(body: unknown): Fields {
  const record = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const all = (name: string): string[] => {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    const texts = (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
    return texts.map((one) => one.replaceAll('\0', ''));
  };
  return {
    one: (name) => all(name).at(-1)?.trim() ?? '',
    all: (name) => all(name).filter((value) => value !== ''),
    has: (name) => all(name).length > 0,
    names: () => Object.keys(record),
    file(name) {
      const value = Object.hasOwn(record, name) ? record[name] : undefined;
      return value instanceof UploadedFile ? value : undefined;
    },
  };
}
