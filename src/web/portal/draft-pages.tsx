import { type PageState, pathOf } from '../../agreements/index.ts';
import { type OpenDraft, saveAnswers, thingDigest } from '../../applications/index.ts';
import { today } from '../../calendar/index.ts';
import { Failure } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { PersonVisit } from '../http/visit.ts';
import { textOf } from '../shown/agreement-words.ts';
import { Actions, Button, ErrorSummary, Form, Layout, PageHeading, type View, type WrongField } from '../ui/index.ts';
import { captionOf, type OpenedDraft, openSteps } from './draft-steps.ts';
import { FormField, wrongFields } from './form-field.tsx';
import { readPosted } from './posted.ts';
import { ThingsPage } from './things-page.tsx';

/** The pages of a form, one thing on each. */
export function addDraftPages(pages: Pages): void {
  pages.person.get('/drafts/:id/pages/:page', async (visit) => {
    const draft = await openSteps(visit);
    if (draft.opened.draft.submitted) return redirect(`/applications/${draft.opened.draft.id}`);
    return show(visit, draft, getPage(draft.pages, visit.params.page), false);
  });
  pages.person.post('/drafts/:id/pages/:page', async (visit) => {
    const { ctx, actor, params, query } = visit;
    const draft = await openSteps(visit);
    const asked = getPage(draft.pages, params.page);
    const { given, refused } = await readPosted(visit, draft.opened.draft.id, asked);
    if (refused.length > 0) return show(visit, draft, judged(visit, draft.opened, asked, given), true, refused);
    const { errors } = await saveAnswers(ctx, actor, draft.opened.draft.id, asked.name, given);
    if (Object.keys(errors).length > 0) return show(visit, draft, judged(visit, draft.opened, asked, given), true);
    return redirect(await onwards(visit, asked.name, query.from === 'check'));
  });
}

export function getPage(pages: readonly PageState[], name: string | undefined): PageState {
  const found = pages.find((one) => one.name === name);
  if (found === undefined) throw new Failure('DRAFT_PAGE_NOT_FOUND', { page: name ?? '' });
  return found;
}

/** The page with what she just typed, and what is wrong with it. */
function judged(
  { ctx }: PersonVisit,
  { draft, agreement, service }: OpenDraft,
  asked: PageState,
  given: object,
): PageState {
  const answers = { ...draft.answers, ...given };
  const input = { home: ctx.trust.self, claim: today(ctx.clock, ctx.trust.self), answers };
  return pathOf(agreement, service, input).pages.find(({ name }) => name === asked.name) ?? asked;
}

/** The next page; on the way of a change from the check, back there as soon as nothing is open. */
async function onwards(visit: PersonVisit, name: string, fromCheck: boolean): Promise<string> {
  const { opened, pages } = await openSteps(visit);
  const base = `/drafts/${opened.draft.id}`;
  if (fromCheck && pages.every(({ complete }) => complete)) return `${base}/check`;
  const next = pages.find((one) => one.name === name)?.next;
  return next === undefined ? `${base}/evidence` : `${base}/pages/${next}`;
}

function show(
  visit: PersonVisit,
  draft: OpenedDraft,
  asked: PageState,
  wrong: boolean,
  refused: readonly WrongField[] = [],
) {
  const props = pageProps(visit, draft, asked, wrong);
  if (asked.fields[0]?.things !== undefined) return page(<ThingsPage {...props} />, wrong ? 400 : 200);
  return page(<FormPage {...props} refused={refused} />, wrong ? 400 : 200);
}

/** What both kinds of page show. */
function pageProps(visit: PersonVisit, draft: OpenedDraft, asked: PageState, wrong: boolean) {
  const back = visit.query.from === 'check' ? 'check' : asked.back === undefined ? '' : `pages/${asked.back}`;
  return {
    view: visit.view,
    opened: draft.opened,
    asked,
    wrong,
    caption: captionOf(visit, draft.steps, asked.name),
    back: `/drafts/${draft.opened.draft.id}${back === '' ? '' : `/${back}`}`,
    query: visit.query.from === 'check' ? '?from=check' : '',
    seen: (thing: number) =>
      thingDigest(visit.ctx, draft.opened, { page: asked.name, list: asked.fields[0]?.field.name ?? '', thing }),
  };
}

export function FormPage({
  view,
  opened,
  asked,
  wrong,
  refused = [],
  caption,
  back,
  query,
}: {
  view: View;
  opened: OpenDraft;
  asked: PageState;
  wrong: boolean;
  /** Files that were not taken. */
  refused?: readonly WrongField[];
  caption: string;
  back: string;
  query: string;
}) {
  const { agreement, draft } = opened;
  const title = textOf(view, agreement, asked.title);
  const errors = wrongFields(view, agreement, asked.fields, wrong, refused);
  // A page with one question lets the question be its heading, as long as it has nothing else to say.
  const alone = asked.fields.length === 1 && asked.lead === undefined;
  return (
    <Layout view={view} title={title} wrong={errors.length > 0} back={back}>
      <ErrorSummary view={view} errors={errors} />
      {alone ? (
        <p class="cw-caption">{caption}</p>
      ) : (
        <PageHeading
          caption={caption}
          {...(asked.lead === undefined ? {} : { lead: textOf(view, agreement, asked.lead) })}
        >
          {title}
        </PageHeading>
      )}
      <Form
        view={view}
        action={`/drafts/${draft.id}/pages/${asked.name}${query}`}
        file={asked.fields.some(({ field }) => field.type === 'file')}
      >
        {asked.fields.map((one) => (
          <FormField
            key={one.field.name}
            view={view}
            agreement={agreement}
            asked={one}
            heading={alone}
            error={errors.find(({ field }) => field === one.field.name)?.message}
          />
        ))}
        <Actions>
          <Button>{view.say('common.continue')}</Button>
          <a href={`/drafts/${draft.id}`}>{view.say('portal.draft.saveForLater')}</a>
        </Actions>
      </Form>
    </Layout>
  );
}
