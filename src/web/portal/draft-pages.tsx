import { type PageState, pathOf, readForm } from '../../agreements/index.ts';
import { type OpenDraft, saveAnswers } from '../../applications/index.ts';
import { today } from '../../calendar/index.ts';
import { Failure } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { PersonVisit } from '../http/visit.ts';
import { textOf } from '../shown/agreement-words.ts';
import { Actions, Button, ErrorSummary, Form, Layout, PageHeading, type View, type WrongField } from '../ui/index.ts';
import { captionOf, type OpenedDraft, openSteps } from './draft-steps.ts';
import { errorWords, FormField } from './form-field.tsx';

/** The pages of a form, one thing on each. */
export function addDraftPages(pages: Pages): void {
  pages.person.get('/drafts/:id/pages/:page', async (visit) => {
    const draft = await openSteps(visit);
    if (draft.opened.draft.submitted) return redirect(`/applications/${draft.opened.draft.id}`);
    return show(visit, draft, getPage(draft.pages, visit.params.page), false);
  });
  pages.person.post('/drafts/:id/pages/:page', async (visit) => {
    const { ctx, actor, params, fields, query } = visit;
    const draft = await openSteps(visit);
    const asked = getPage(draft.pages, params.page);
    const form = Object.fromEntries(fields.names().map((name) => [name, fields.all(name)]));
    const given = readForm(asked, form);
    const { errors } = await saveAnswers(ctx, actor, draft.opened.draft.id, asked.name, given);
    if (Object.keys(errors).length > 0) return show(visit, draft, judged(visit, draft.opened, asked, given), true);
    return redirect(await onwards(visit, asked.name, query.from === 'check'));
  });
}

function getPage(pages: readonly PageState[], name: string | undefined): PageState {
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

function show(visit: PersonVisit, draft: OpenedDraft, asked: PageState, wrong: boolean) {
  const back = visit.query.from === 'check' ? 'check' : asked.back === undefined ? '' : `pages/${asked.back}`;
  const shown = (
    <FormPage
      view={visit.view}
      opened={draft.opened}
      asked={asked}
      wrong={wrong}
      caption={captionOf(visit, draft.steps, asked.name)}
      back={`/drafts/${draft.opened.draft.id}${back === '' ? '' : `/${back}`}`}
      query={visit.query.from === 'check' ? '?from=check' : ''}
    />
  );
  return page(shown, wrong ? 400 : 200);
}

export function FormPage({
  view,
  opened,
  asked,
  wrong,
  caption,
  back,
  query,
}: {
  view: View;
  opened: OpenDraft;
  asked: PageState;
  wrong: boolean;
  caption: string;
  back: string;
  query: string;
}) {
  const { agreement, draft } = opened;
  const title = textOf(view, agreement, asked.title);
  const errors: WrongField[] = asked.fields.flatMap((one) => {
    const message = wrong ? errorWords(view, agreement, one) : undefined;
    return message === undefined ? [] : [{ field: one.field.name, message }];
  });
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
      <Form view={view} action={`/drafts/${draft.id}/pages/${asked.name}${query}`}>
        {asked.fields.map((one) => (
          <FormField
            key={one.field.name}
            view={view}
            agreement={agreement}
            asked={one}
            heading={alone}
            showErrors={wrong}
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
