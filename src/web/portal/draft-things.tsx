import { type Answers, type PageState, type ThingPlace, type ThingState, thingOf } from '../../agreements/index.ts';
import { dropThing, journeyInput, type OpenDraft, saveThing, thingDigest } from '../../applications/index.ts';
import { Failure } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { PersonVisit } from '../http/visit.ts';
import { textOf } from '../shown/agreement-words.ts';
import { Actions, Button, ErrorSummary, Form, Layout, PageHeading, type View, type WrongField } from '../ui/index.ts';
import { getPage } from './draft-pages.tsx';
import { captionOf, type OpenedDraft, openSteps } from './draft-steps.ts';
import { FormField, wrongFields } from './form-field.tsx';
import { readPosted } from './posted.ts';

/** One thing of a list on a page of its own: add it, change it, take it out. */
export function addDraftThings(pages: Pages): void {
  pages.person.get('/drafts/:id/pages/:page/things/:thing', async (visit) => {
    const draft = await openSteps(visit);
    const place = placeOf(visit, draft);
    return show(visit, draft, place, stateOf(visit, draft, place), []);
  });
  pages.person.post('/drafts/:id/pages/:page/things/:thing', async (visit) => {
    const draft = await openSteps(visit);
    const place = placeOf(visit, draft);
    const { given, refused } = await readPosted(visit, draft.opened.draft.id, stateOf(visit, draft, place));
    if (refused.length > 0) return again(visit, draft, place, given, refused);
    const { ctx, actor, fields } = visit;
    const errors = await saveThing(ctx, actor, draft.opened.draft.id, place, given, fields.one('seen'));
    if (Object.keys(errors).length > 0)
      return again(visit, draft, place, given, listErrors(visit, draft, place, errors));
    return redirect(listHref(visit, draft, place.page));
  });
  pages.person.post('/drafts/:id/pages/:page/things/:thing/remove', async (visit) => {
    const draft = await openSteps(visit);
    const { thing, ...place } = placeOf(visit, draft);
    if (thing === 'new') throw new Failure('AGREEMENT_THING_NOT_FOUND', {});
    const { ctx, actor, fields } = visit;
    await dropThing(ctx, actor, draft.opened.draft.id, { ...place, thing }, fields.one('seen'));
    return redirect(listHref(visit, draft, place.page));
  });
}

/** The place that the address names; things are counted from 1 there. @throws Failure DRAFT_PAGE_NOT_FOUND, AGREEMENT_THING_NOT_FOUND */
function placeOf({ params }: PersonVisit, draft: OpenedDraft): ThingPlace {
  const asked = getPage(draft.pages, params.page);
  const list = asked.fields.find(({ field }) => field.list !== undefined)?.field.name;
  const { thing = '' } = params;
  if (list === undefined || !/^(new|[1-9][0-9]{0,2})$/.test(thing)) throw new Failure('AGREEMENT_THING_NOT_FOUND', {});
  return { page: asked.name, list, thing: thing === 'new' ? 'new' : Number(thing) - 1 };
}

function stateOf({ ctx }: PersonVisit, { opened }: OpenedDraft, place: ThingPlace, given?: Answers): ThingState {
  const { agreement, service, draft } = opened;
  return thingOf(agreement, service, journeyInput(ctx, draft), place, given);
}

const listHref = ({ query }: PersonVisit, { opened }: OpenedDraft, name: string): string =>
  `/drafts/${opened.draft.id}/pages/${name}${query.from === 'check' ? '?from=check' : ''}`;

/** An error of the list itself, such as one thing too many, stands on no question of the thing. */
function listErrors(
  { view }: PersonVisit,
  { opened }: OpenedDraft,
  place: ThingPlace,
  errors: Record<string, string>,
): WrongField[] {
  const most = opened.service.fields[place.list]?.list?.most ?? 0;
  const own = errors[place.list];
  if (own === undefined) return [];
  return [{ field: '', message: view.find(`${own}.list`, { most }) ?? view.say('error.answer.notValid') }];
}

function again(
  visit: PersonVisit,
  draft: OpenedDraft,
  place: ThingPlace,
  given: Answers,
  refused: readonly WrongField[],
) {
  return show(visit, draft, place, stateOf(visit, draft, place, given), refused, true);
}

function show(
  visit: PersonVisit,
  draft: OpenedDraft,
  place: ThingPlace,
  thing: ThingState,
  refused: readonly WrongField[],
  wrong = false,
) {
  const { view, ctx } = visit;
  const asked = getPage(draft.pages, place.page);
  const props = { view, opened: draft.opened, asked, place, thing, wrong, refused };
  const shown = (
    <ThingPage
      {...props}
      caption={captionOf(visit, draft.steps, asked.name)}
      seen={place.thing === 'new' ? '' : thingDigest(ctx, draft.opened, place)}
      list={listHref(visit, draft, asked.name)}
      query={visit.query.from === 'check' ? '?from=check' : ''}
    />
  );
  return page(shown, wrong ? 400 : 200);
}

export function ThingPage({
  view,
  opened,
  asked,
  place,
  thing,
  wrong,
  refused,
  caption,
  seen,
  list,
  query,
}: {
  view: View;
  opened: OpenDraft;
  asked: PageState;
  place: ThingPlace;
  thing: ThingState;
  wrong: boolean;
  refused: readonly WrongField[];
  caption: string;
  /** Digest of the thing as it is shown: what is changed must be what was seen. */
  seen: string;
  /** Address of the list. */
  list: string;
  query: string;
}) {
  const { say } = view;
  const { agreement, draft } = opened;
  const field = asked.fields.find((one) => one.field.name === place.list);
  const number = place.thing === 'new' ? (field?.things?.length ?? 0) + 1 : place.thing + 1;
  const item = textOf(view, agreement, field?.field.list?.item ?? '');
  const title = say('portal.thing.title', { item, number });
  const own = refused.filter((one) => one.field === '');
  const errors = [...own, ...wrongFields(view, agreement, thing.fields, wrong, refused)];
  return (
    <Layout view={view} title={title} wrong={errors.length > 0} back={list}>
      <ErrorSummary view={view} errors={errors} />
      <PageHeading caption={caption}>{title}</PageHeading>
      <Form
        view={view}
        action={`/drafts/${draft.id}/pages/${place.page}/things/${place.thing === 'new' ? 'new' : place.thing + 1}${query}`}
        file={thing.fields.some((one) => one.field.type === 'file')}
      >
        <input type="hidden" name="seen" value={seen} />
        {thing.fields.map((one) => (
          <FormField
            key={one.field.name}
            view={view}
            agreement={agreement}
            asked={one}
            heading={false}
            error={errors.find((error) => error.field === one.field.name)?.message}
          />
        ))}
        <Actions>
          <Button>{say('portal.thing.save')}</Button>
          <a href={list}>{say('common.back')}</a>
        </Actions>
      </Form>
    </Layout>
  );
}
