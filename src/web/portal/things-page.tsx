import type { FieldState, PageState } from '../../agreements/index.ts';
import type { OpenDraft } from '../../applications/index.ts';
import { textOf } from '../shown/agreement-words.ts';
import { thingRows } from '../shown/answer-value.tsx';
import {
  Actions,
  Button,
  ButtonLink,
  ErrorSummary,
  Form,
  Layout,
  PageHeading,
  SummaryList,
  Tag,
  type View,
} from '../ui/index.ts';
import { errorWords } from './form-field.tsx';

/** The page of a list: what is in it, each to change or to take out, and the way to add another. It works without scripts. */
export function ThingsPage({
  view,
  opened,
  asked,
  wrong,
  caption,
  back,
  query,
  seen,
}: {
  view: View;
  opened: OpenDraft;
  asked: PageState;
  wrong: boolean;
  caption: string;
  back: string;
  query: string;
  /** Digest of a thing as it is shown here: what is taken out must be what was seen. */
  seen: (thing: number) => string;
}) {
  const { say } = view;
  const { agreement, draft } = opened;
  const [first] = asked.fields;
  if (first === undefined) return null;
  const { field, things = [] } = first;
  const item = textOf(view, agreement, field.list?.item ?? '');
  const base = `/drafts/${draft.id}/pages/${asked.name}`;
  const message = wrong ? errorWords(view, agreement, first) : undefined;
  const errors = message === undefined ? [] : [{ field: field.name, message }];
  const most = field.list?.most ?? 0;
  return (
    <Layout view={view} title={textOf(view, agreement, asked.title)} wrong={errors.length > 0} back={back}>
      <ErrorSummary view={view} errors={errors} />
      <PageHeading
        caption={caption}
        {...(asked.lead === undefined ? {} : { lead: textOf(view, agreement, asked.lead) })}
      >
        {textOf(view, agreement, field.text)}
      </PageHeading>
      {field.hint === undefined ? null : <p class="cw-hint">{textOf(view, agreement, field.hint)}</p>}
      <section id={field.name} tabIndex={-1}>
        {things.length === 0 ? <p class="cw-subtle">{say('portal.list.none')}</p> : null}
        {things.map(({ fields, complete }, index) => {
          const name = say('portal.thing.title', { item, number: index + 1 });
          return (
            <article class="cw-piece" key={index}>
              <div class="cw-piece-head">
                <h2>{name}</h2>
                {complete ? null : (
                  <Tag tone="danger" icon="alert">
                    {say('portal.list.wrong')}
                  </Tag>
                )}
              </div>
              <SummaryList tight rows={thingRows(view, agreement, givenOf(fields))} />
              <Form view={view} action={`${base}/things/${index + 1}/remove${query}`}>
                <input type="hidden" name="seen" value={seen(index)} />
                <Actions>
                  <a href={`${base}/things/${index + 1}${query}`}>
                    {say('common.change')}
                    <span class="cw-hide">{` ${name}`}</span>
                  </a>
                  <Button kind="tertiary" about={name}>
                    {say('portal.list.remove')}
                  </Button>
                </Actions>
              </Form>
            </article>
          );
        })}
        <p>
          {things.length >= most ? (
            say('portal.list.full', { most })
          ) : (
            <ButtonLink href={`${base}/things/new${query}`} kind="secondary">
              {say(things.length === 0 ? 'portal.list.add' : 'portal.list.addAnother', { item })}
            </ButtonLink>
          )}
        </p>
      </section>
      <Form view={view} action={`${base}${query}`}>
        <Actions>
          <Button>{say('common.continue')}</Button>
          <a href={`/drafts/${draft.id}`}>{say('portal.draft.saveForLater')}</a>
        </Actions>
      </Form>
    </Layout>
  );
}

const givenOf = (fields: readonly FieldState[]) => fields.map(({ field, value }) => ({ field, value }));
