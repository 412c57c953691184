import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomId } from '../crypto/index.ts';
import { Failure, isFailure } from '../storage/index.ts';
import { addAgreements } from './console/agreements.tsx';
import { addHome } from './console/home.tsx';
import { addJobs } from './console/jobs.tsx';
import { addLedger } from './console/ledger.tsx';
import { addMessages } from './console/messages.tsx';
import { addPeople } from './console/people.tsx';
import { addRights } from './console/rights.tsx';
import { addStates } from './console/states.tsx';
import { addStatistics } from './console/statistics.tsx';
import type { WebContext } from './context.ts';
import { addBatch } from './desk/batch.tsx';
import { addCase } from './desk/case.tsx';
import { addCaseFiles } from './desk/case-files.ts';
import { addCorrection } from './desk/correction.tsx';
import { addEnrolments } from './desk/enrolments.tsx';
import { addMove } from './desk/move.tsx';
import { addNotices } from './desk/notices.tsx';
import { addOpinions } from './desk/opinions.tsx';
import { addQueue } from './desk/queue.tsx';
import { addRegisters } from './desk/registers.tsx';
import { addTell } from './desk/tell.tsx';
import { serveHealth } from './health/health.tsx';
import { page } from './http/answer.ts';
import { loadAssets, serveAssets } from './http/assets.ts';
import { ErrorPage } from './http/error-page.tsx';
import { statusOf } from './http/failures.ts';
import { securityHeaders } from './http/headers.ts';
import { keepPages } from './http/kept-pages.ts';
import { pagesOf, visitOf } from './http/routes.ts';
import { send } from './http/send.ts';
import { acceptUploads, uploadLimitMb } from './http/uploads.ts';
import { hostName, isSecure } from './http/visit.ts';
import { addAccess } from './portal/access.tsx';
import { addApplications } from './portal/applications.tsx';
import { addCorrectionRequest } from './portal/correction.tsx';
import { addDocuments } from './portal/documents.tsx';
import { addDraft } from './portal/draft.tsx';
import { addDraftCheck } from './portal/draft-check.tsx';
import { addDraftEvidence } from './portal/draft-evidence.tsx';
import { addDraftForecast } from './portal/draft-forecast.tsx';
import { addDraftPages } from './portal/draft-pages.tsx';
import { addDraftThings } from './portal/draft-things.tsx';
import { addEvents } from './portal/events.tsx';
import { addLinks } from './portal/links.tsx';
import { addMailbox } from './portal/mailbox.tsx';
import { addMandates } from './portal/mandates.tsx';
import { addOwnFiles } from './portal/own-files.ts';
import { addPasskeys } from './portal/passkeys.tsx';
import { addProfile } from './portal/profile.tsx';
import { addProofs } from './portal/proofs.tsx';
import { addRegulation } from './portal/regulation.ts';
import { addServices } from './portal/services.tsx';
import { addSessions } from './portal/sessions.tsx';
import { addSignIn } from './portal/sign-in.tsx';
import { addStart } from './portal/start.tsx';
import { addWishes } from './portal/wishes.ts';
import { serveCatalogue } from './public/catalogue.ts';
import { addFigures } from './public/figures.tsx';
import { serveMetrics } from './public/metrics.ts';
import { serveOpenFiles } from './public/open-files.ts';
import { serveSchemas } from './public/schemas.ts';
import { addVerify } from './verify/verify.tsx';

/** Every page that takes plain forms, by its place. */
const PAGES = [
  addStart,
  addFigures,
  addServices,
  addEvents,
  addRegulation,
  addSignIn,
  addPasskeys,
  addSessions,
  addWishes,
  addDraft,
  addDraftEvidence,
  addDraftForecast,
  addDraftCheck,
  addOwnFiles,
  addApplications,
  addCorrectionRequest,
  addProofs,
  addDocuments,
  addAccess,
  addLinks,
  addMandates,
  addMailbox,
  addProfile,
  addQueue,
  addBatch,
  addCase,
  addCaseFiles,
  addCorrection,
  addMove,
  addTell,
  addNotices,
  addOpinions,
  addRegisters,
  addHome,
  addStates,
  addMessages,
  addLedger,
  addJobs,
  addRights,
  addAgreements,
  addStatistics,
  addPeople,
  addEnrolments,
] as const;

/** The largest form: names and numbers; the upload of the verify page has its own limit. */
const FORM_LIMIT = 256 * 1024;
/** Nobody needs longer to send a form, and who sends one byte a minute must not hold a connection for ever. */
const REQUEST_MS = 60_000;

/**
 * The web face of a node: portal, desk, verify page and the public files, as one Fastify instance that node/ lets listen.
 * Personal pages are never cached, every answer carries the strict policy, every change needs a form of ours.
 *
 * @param onRoute told of every address that is answered, so that a test can hold each against what it must do
 * @example
 * const web = createWeb(ctx);
 * await web.listen({ host: '127.0.0.1', port: 7001 });
 */
export function createWeb(ctx: WebContext, onRoute?: (method: string, path: string) => void): FastifyInstance {
  const app = Fastify({
    bodyLimit: FORM_LIMIT,
    requestTimeout: REQUEST_MS,
    exposeHeadRoutes: true,
    logger: false,
    routerOptions: { maxParamLength: 200 },
    // An address that cannot be read reaches no hook: the same headers, and nothing of the address in the answer.
    frameworkErrors(_error, _request, reply: FastifyReply) {
      const headers = { ...securityHeaders(isSecure(ctx)), 'cache-control': 'no-store' };
      reply.status(400).headers(headers).type(PLAIN).send('WEB_PAGE_NOT_FOUND\n');
    },
  });
  app.addHook('onRoute', ({ method, url }) => {
    for (const verb of [method].flat()) onRoute?.(verb, url);
  });
  // Pages take forms, and nothing else is read.
  app.removeAllContentTypeParsers();
  const { addresses, byPath } = loadAssets(ctx.trust.self);
  const kept = keepPages();
  app.register(cookie);
  app.register(formbody, { bodyLimit: FORM_LIMIT });
  guard(app, ctx);
  serveAssets(app, byPath);
  serveMetrics(app, ctx);
  serveHealth(app, ctx, addresses);
  serveOpenFiles(app, ctx);
  serveSchemas(app);
  serveCatalogue(app, ctx);
  app.register(async (scope) => {
    for (const add of PAGES) add(pagesOf(scope, ctx, addresses, kept));
  });
  app.register(async (scope) => {
    acceptUploads(scope, '/verify');
    addVerify(pagesOf(scope, ctx, addresses, kept));
  });
  app.register(async (scope) => {
    acceptUploads(scope, '/drafts/');
    for (const add of [addDraftPages, addDraftThings]) add(pagesOf(scope, ctx, addresses, kept));
  });
  const fail = async (request: FastifyRequest, reply: FastifyReply, failure: Failure, reference?: string) => {
    const { code, params } = failure;
    const status = statusOf(code);
    try {
      const { view } = await visitOf(ctx, addresses, request, reply);
      const shown = <ErrorPage view={view} status={status} code={code} params={params} reference={reference} />;
      return await send(request, reply, page(shown, status));
    } catch {
      // Without the store there is no page to say it on: a line, and still nothing of what broke.
      const line = reference === undefined ? code : `${code} ${reference}`;
      return reply.status(status).header('cache-control', 'no-store').type(PLAIN).send(`${line}\n`);
    }
  };
  app.setNotFoundHandler((request, reply) => fail(request, reply, new Failure('WEB_PAGE_NOT_FOUND')));
  app.setErrorHandler(async (error, request, reply) => {
    // What the store says is for its operator.
    if (isFailure(error) && !error.code.startsWith('STORAGE_')) return fail(request, reply, error);
    const { statusCode = 500, code } = isFailure(error) ? {} : (error as { statusCode?: number; code?: string });
    if (statusCode === 413)
      return fail(request, reply, new Failure('WEB_FILE_TOO_LARGE', { limit: uploadLimitMb(request.url) }));
    if (statusCode < 500) return fail(request, reply, new Failure('WEB_FORM_FOREIGN', {}), code);
    const reference = randomId();
    ctx.web.report?.(reference, error);
    if (isFailure(error, 'STORAGE_NO_SPACE')) return fail(request, reply, new Failure('WEB_NO_SPACE'), reference);
    return fail(request, reply, new Failure('WEB_BROKEN', { reference }), reference);
  });
  return app;
}

const PLAIN = 'text/plain; charset=utf-8';

/** Headers of every answer, and a refusal of names that are not this portal's (a foreign name may point at this machine). */
function guard(app: FastifyInstance, ctx: WebContext): void {
  const headers = securityHeaders(isSecure(ctx));
  const own = new Set([hostName(new URL(ctx.web.origin).host), ...(ctx.web.otherHosts ?? [])]);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (own.has(hostName(request.headers.host ?? ''))) return;
    reply.status(421).type(PLAIN);
    return reply.send('WEB_HOST_FOREIGN\n');
  });
}
