import { type Agreement, moveAnswers, pathOf } from '../agreements/index.ts';
import { today } from '../calendar/index.ts';
import type { ApplicationsContext } from './context.ts';
import { draftsUnder } from './draft-rows.ts';

/** What would become of one draft under a new version. Names of pages and fields only, never an answer. */
export interface ReplayedDraft {
  draft: string;
  /** Pages that she would meet, and would not meet any more. */
  pagesAdded: string[];
  pagesRemoved: string[];
  /** Questions that would be open, or whose answer would not be taken, and were not before. */
  newlyOpen: string[];
  /** Answers that would not come along. */
  left: string[];
  /** It lies in a service that would be no more. */
  lost: boolean;
}

/**
 * Runs unsent drafts of an agreement on a new version of it, as they would be moved. Nothing is written.
 * @param after the new version, loaded
 * @param limit of drafts, the latest first
 * @example (await replayDrafts(ctx, next, 500)).filter(({ newlyOpen }) => newlyOpen.length > 0)
 */
export async function replayDrafts(
  ctx: Pick<ApplicationsContext, 'db' | 'clock' | 'trust' | 'agreements'>,
  after: Agreement,
  limit: number,
): Promise<ReplayedDraft[]> {
  const drafts = await draftsUnder(ctx.db, after.name, { now: ctx.clock.now(), limit });
  const input = { home: ctx.trust.self, claim: today(ctx.clock, ctx.trust.self) };
  return drafts.flatMap((draft): ReplayedDraft[] => {
    const before = ctx.agreements.byContract(draft.contract);
    const old = before?.services[draft.service];
    const service = after.services[draft.service];
    if (before === undefined || old === undefined) return [];
    const was = pathOf(before, old, { ...input, answers: draft.answers });
    const { answers, left } = moveAnswers(draft.answers, {
      from: before,
      to: after,
      service: draft.service,
      migrations: after.migrations,
    });
    const pages = was.pages.map(({ name }) => name);
    if (service === undefined) {
      return [{ draft: draft.id, pagesAdded: [], pagesRemoved: pages, newlyOpen: [], left, lost: true }];
    }
    const is = pathOf(after, service, { ...input, answers });
    const now = is.pages.map(({ name }) => name);
    return [
      {
        draft: draft.id,
        pagesAdded: now.filter((name) => !pages.includes(name)),
        pagesRemoved: pages.filter((name) => !now.includes(name)),
        newlyOpen: Object.keys(is.errors).filter((name) => !Object.hasOwn(was.errors, name)),
        left,
        lost: false,
      },
    ];
  });
}
