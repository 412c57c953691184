import type { DocumentsContext } from '../context.ts';
import { listRevision, readList } from './places.ts';
import { signStatusList } from './token.ts';

/** A signed list is made anew when it is older than this, also when nothing changed: its age is what verifiers judge by. */
const KEPT_MS = 15 * 60_000;

/** The path below the portal at which a list is served. */
const statusListPath = (list: number): string => `/status-lists/${list}`;

/** The name that a list gets when it is opened: the address at which anybody may fetch it. */
export function statusListUri(ctx: Pick<DocumentsContext, 'trust'>, list: number): string {
  const { portal } = ctx.trust.manifest(ctx.trust.self).endpoints;
  return `${portal.replace(/\/$/, '')}${statusListPath(list)}`;
}

/** Signs a list as it stands now. @throws Failure DOCUMENTS_UNKNOWN */
export async function freshStatusList(ctx: DocumentsContext, list: number): Promise<string> {
  return signStatusList(ctx.documents, await readList(ctx.db, list), ctx.clock.now());
}

/** The lists as this process serves them. */
export interface StatusLists {
  /** The signed list (`application/statuslist+jwt`). @throws Failure DOCUMENTS_UNKNOWN */
  token(list: number): Promise<string>;
}

/**
 * Opens the lists for serving: each signed list is kept until a status in it changes (in whichever process) or it is 15 minutes
 * old, so that asking costs one small query.
 * @example server.get('/status-lists/:list', async (request, reply) =>
 *   reply.type('application/statuslist+jwt').send(await lists.token(Number(request.params.list))))
 */
export function openStatusLists(ctx: DocumentsContext): StatusLists {
  const kept = new Map<number, { revision: number; at: number; token: string }>();
  return {
    async token(list) {
      const { revision } = await listRevision(ctx.db, list);
      const now = Date.parse(ctx.clock.now());
      const known = kept.get(list);
      if (known && known.revision === revision && Math.abs(now - known.at) < KEPT_MS) return known.token;
      const token = await freshStatusList(ctx, list);
      kept.set(list, { revision, at: now, token });
      return token;
    },
  };
}
