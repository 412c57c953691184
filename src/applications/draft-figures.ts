import { pathOf } from '../agreements/index.ts';
import type { Instant } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import { newestDrafts } from './draft-rows.ts';
import { journeyInput } from './drafts.ts';

/** Where people stopped in one service. Counts only: nothing of a draft but on which page it stands. */
export interface DraftFigures {
  agreement: string;
  service: string;
  begun: number;
  sent: number;
  /** Of those that were not sent, by the first page that is not answered; `evidence` where all are. In the order of the form. */
  stopped: { page: string; drafts: number }[];
}

/** What is looked at, at most: enough for a year of most services, and little enough for a page. */
const MOST = 5_000;

/**
 * How many drafts that were begun since a moment were sent, and on which page the others stand. Those that ran out are deleted, and
 * count no more.
 * @example await draftFigures(ctx, '2026-01-01T00:00:00.000Z')
 */
export async function draftFigures(ctx: ApplicationsContext, since: Instant): Promise<DraftFigures[]> {
  const found = new Map<string, DraftFigures & { pages: string[]; at: Map<string, number> }>();
  for (const draft of await newestDrafts(ctx.db, since, MOST)) {
    const agreement = ctx.agreements.byContract(draft.contract);
    const service = agreement?.services[draft.service];
    if (agreement === undefined || service === undefined) continue;
    const key = `${draft.agreement}/${draft.service}`;
    const pages = [...service.form.map(({ name }) => name), 'evidence'];
    const figures = found.get(key) ?? {
      ...{ agreement: draft.agreement, service: draft.service, begun: 0, sent: 0, stopped: [] },
      ...{ pages, at: new Map<string, number>() },
    };
    found.set(key, figures);
    figures.begun++;
    if (draft.submitted) figures.sent++;
    else {
      const open = pathOf(agreement, service, journeyInput(ctx, draft)).pages.find(({ complete }) => !complete);
      const page = open?.name ?? 'evidence';
      figures.at.set(page, (figures.at.get(page) ?? 0) + 1);
    }
  }
  return [...found.values()].map(({ pages, at, ...figures }) => ({
    ...figures,
    stopped: [...new Set([...pages, ...at.keys()])]
      .map((page) => ({ page, drafts: at.get(page) ?? 0 }))
      .filter(({ drafts }) => drafts > 0),
  }));
}
