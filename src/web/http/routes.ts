import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Assurance, reaches, type Session } from '../../identity/index.ts';
import { Failure } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import type { Assets } from '../ui/index.ts';
import { FORM_TOKEN_FIELD } from '../ui/index.ts';
import { type Answer, redirect, type SharedAnswer } from './answer.ts';
import { checkFormToken, fromOwnPage } from './form-token.ts';
import type { KeptPages } from './kept-pages.ts';
import { send, sendShared } from './send.ts';
import {
  formSecret,
  makeView,
  type OfficerVisit,
  type PersonVisit,
  readFields,
  type SignedInVisit,
  sessionOf,
  type Visit,
} from './visit.ts';

type Handler<V extends Visit> = (visit: V) => Promise<Answer | SharedAnswer> | Answer | SharedAnswer;

/** The ways to add a page: for anybody, for a signed-in person or officer, for either of them; `get` shows, `post` changes. */
export interface Pages {
  anybody: Verbs<Visit>;
  signedIn: Verbs<SignedInVisit>;
  person: Verbs<PersonVisit>;
  officer: Verbs<OfficerVisit>;
}

interface Verbs<V extends Visit> {
  get(path: string, handler: Handler<V>): void;
  post(path: string, handler: Handler<V>): void;
}

/**
 * What every page of the portal goes through: read the session, check that a change comes from a form of ours, check who may
 * come, answer.
 */
export function pagesOf(app: FastifyInstance, ctx: WebContext, assets: Assets, kept: KeptPages): Pages {
  const add = <V extends Visit>(
    method: 'GET' | 'POST',
    path: string,
    admit: (visit: Visit) => V | Answer,
    handler: Handler<V>,
  ) =>
    app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        requireRealId(request);
        if (method === 'POST') requireOwnForm(ctx, request);
        const visit = admit(await visitOf(ctx, assets, request, reply));
        const answer = 'kind' in visit ? visit : await handler(visit);
        return answer.kind === 'shared' ? sendShared(request, reply, answer, kept) : send(request, reply, answer);
      },
    });
  const verbs = <V extends Visit>(admit: (visit: Visit) => V | Answer): Verbs<V> => ({
    get: (path, handler) => add('GET', path, admit, handler),
    post: (path, handler) => add('POST', path, admit, handler),
  });
  return {
    anybody: verbs((visit) => visit),
    signedIn: verbs(admitSignedIn),
    person: verbs(admitPerson),
    officer: verbs(admitOfficer),
  };
}

/** The visit behind a request, also for pages that are shown when something failed. */
export async function visitOf(
  ctx: WebContext,
  assets: Assets,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Visit> {
  const session = await sessionOf(ctx, request);
  return {
    ctx,
    view: await makeView(ctx, assets, request, reply, session),
    params: request.params as Record<string, string>,
    query: firstValues(request.query),
    fields: readFields(request.body),
    ...(session === undefined ? {} : { session }),
    request,
    reply,
  };
}

/** An id of ours is a UUID: anything else names nothing, and no database is asked. @throws Failure WEB_PAGE_NOT_FOUND */
function requireRealId(request: FastifyRequest): void {
  const { id } = request.params as { id?: string };
  if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new Failure('WEB_PAGE_NOT_FOUND');
}

/** @throws Failure WEB_FORM_FOREIGN when the change did not come from a form of this visitor */
function requireOwnForm(ctx: WebContext, request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const own = fromOwnPage({ origin, site: typeof site === 'string' ? site : undefined }, ctx.web.origin);
  const secret = formSecret(ctx, request);
  if (own && secret !== undefined && checkFormToken(secret, readFields(request.body).one(FORM_TOKEN_FIELD))) return;
  throw new Failure('WEB_FORM_FOREIGN');
}

/**
 * What a sign-in must reach for a person's data or an officer's work. Authorities of every state take nothing that was sent at less, so
 * it is asked for before anything is filled in.
 */
const NEEDED: Assurance = 'substantial';

/** Whoever is signed in, however surely: for the ways in themselves. */
function admitSignedIn(visit: Visit): SignedInVisit | Answer {
  const { session } = visit;
  return session === undefined ? toSignIn(visit) : { ...visit, session };
}

function admitPerson(visit: Visit): PersonVisit | Answer {
  const { session } = visit;
  if (session === undefined) return toSignIn(visit);
  if (session.account.kind !== 'person') throw new Failure('IDENTITY_SIGN_IN_NEEDED', { kind: 'person' });
  if (!reaches(session.assurance, NEEDED)) return toSignIn(visit);
  return { ...visit, person: session.account, actor: actorOf(session, visit.view.language, session.account.id) };
}

function admitOfficer(visit: Visit): OfficerVisit | Answer {
  const { session } = visit;
  if (session === undefined) return toSignIn(visit);
  if (session.account.kind !== 'officer') throw new Failure('IDENTITY_SIGN_IN_NEEDED', { kind: 'officer' });
  if (!reaches(session.assurance, NEEDED)) return toSignIn(visit);
  return { ...visit, session, officer: session.account };
}

function actorOf(session: Session, language: string, person: string): PersonVisit['actor'] {
  return { person, assurance: session.assurance, session: session.id, language };
}

/** To the sign-in page, and back here afterwards. Whoever is signed in already is told there that more is needed. */
function toSignIn({ view, session }: Visit): Answer {
  const more = session === undefined ? '' : '&more';
  return redirect(`/sign-in?back=${encodeURIComponent(view.here)}${more}`);
}

function firstValues(query: unknown): Record<string, string> {
  const entries = Object.entries(typeof query === 'object' && query !== null ? query : {});
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return typeof first === 'string' ? [[name, first.slice(0, 500)]] : [];
    }),
  );
}
