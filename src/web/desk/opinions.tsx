import { questionsState, readForm, type ThingState } from '../../agreements/index.ts';
import { shortReference } from '../../applications/index.ts';
import {
  type AskedOpinion,
  acceptOpinion,
  declineOpinion,
  giveOpinion,
  openOpinion,
  opinionsOf,
  termsOf,
} from '../../cases/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import type { WebContext } from '../context.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { FormField, wrongFields } from '../portal/form-field.tsx';
import { textOf } from '../shown/agreement-words.ts';
import { valueWords } from '../shown/values.ts';
import {
  Actions,
  Button,
  Details,
  Empty,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  SummaryList,
  Table,
  Tag,
  type Tone,
  type View,
  type WrongField,
} from '../ui/index.ts';
import { Due } from './queue.tsx';

/** What deciding authorities ask this officer's agency for: a list that names nobody, and each question on its own page. */
export function addOpinions(pages: Pages): void {
  pages.officer.get('/desk/opinions', async ({ ctx, view, session, officer, query }) => {
    const rows = await opinionsOf(ctx, session);
    return page(<OpinionsPage {...{ view, ctx, rows }} agency={officer.agency} done={query.done} />);
  });
  pages.officer.get('/desk/opinions/:id', async (visit) => show(visit));
  pages.officer.post('/desk/opinions/:id', async (visit) => {
    const { ctx, session, params, fields } = visit;
    const id = params.id ?? '';
    const { agreement, type } = termsOf(ctx, await openOpinion(ctx, session, id));
    const form = Object.fromEntries(fields.names().map((name) => [name, fields.all(name)]));
    const given = readForm(questionsState(agreement, type.asks, {}), form);
    return act(visit, questionsState(agreement, type.asks, given), async () => {
      const errors = await giveOpinion(ctx, session, id, given);
      return Object.keys(errors).length === 0 ? 'opinion' : undefined;
    });
  });
  pages.officer.post('/desk/opinions/:id/accept', async (visit) =>
    act(visit, undefined, async () => {
      await acceptOpinion(visit.ctx, visit.session, visit.params.id ?? '');
      return 'accepted';
    }),
  );
  pages.officer.post('/desk/opinions/:id/decline', async (visit) =>
    act(visit, undefined, async () => {
      await declineOpinion(visit.ctx, visit.session, visit.params.id ?? '');
      return 'declined';
    }),
  );
}

const DONE: Readonly<Record<string, TextId>> = {
  opinion: 'desk.done.opinion',
  accepted: 'desk.done.accepted',
  declined: 'desk.done.declined',
};

/** Does what the officer wants, and shows the question again with what is wrong where it cannot be done. */
async function act(visit: OfficerVisit, asked: ThingState | undefined, work: () => Promise<string | undefined>) {
  const id = visit.params.id ?? '';
  try {
    const done = await work();
    if (done === undefined) return show(visit, { asked, own: [], wrong: true });
    return redirect(done === 'accepted' ? `/desk/opinions/${id}?done=${done}` : `/desk/opinions?done=${done}`);
  } catch (error) {
    if (!isFailure(error, 'OPINION_ANSWERED', 'OPINION_NOT_ACCEPTED', 'OPINION_BOUND')) throw error;
    const message = visit.view.find(`error.${error.code}`) ?? error.code;
    return show(visit, { asked, own: [{ field: '', message }], wrong: true });
  }
}

interface Again {
  asked: ThingState | undefined;
  own: readonly WrongField[];
  wrong: boolean;
}

async function show(visit: OfficerVisit, again: Again = { asked: undefined, own: [], wrong: false }) {
  const { ctx, view, session, params, query } = visit;
  const opinion = await openOpinion(ctx, session, params.id ?? '');
  const shown = (
    <OpinionPage view={view} ctx={ctx} opinion={opinion} again={again} now={ctx.clock.now()} done={query.done} />
  );
  return page(shown, again.wrong ? 400 : 200);
}

const LOOKS: Readonly<Record<AskedOpinion['status'] | 'late', { tone: Tone; words: TextId }>> = {
  asked: { tone: 'info', words: 'desk.opinion.asked' },
  accepted: { tone: 'info', words: 'desk.opinion.accepted' },
  given: { tone: 'success', words: 'desk.opinion.given' },
  declined: { tone: 'neutral', words: 'desk.opinion.declined' },
  late: { tone: 'warning', words: 'desk.opinion.late' },
};

/** How a question stands, in one word. */
export function OpinionTag({ view, status }: { view: View; status: keyof typeof LOOKS }) {
  const { tone, words } = LOOKS[status];
  return <Tag tone={tone}>{view.say(words)}</Tag>;
}

/** What a question asks for, as the agreement calls it. */
function opinionTitle(
  view: View,
  ctx: Pick<WebContext, 'agreements'>,
  asked: Pick<AskedOpinion, 'contract' | 'evidence'>,
) {
  const agreement = ctx.agreements.byContract(asked.contract);
  const title = agreement?.evidence[asked.evidence]?.title;
  return agreement === undefined || title === undefined ? asked.evidence : textOf(view, agreement, title);
}

export function OpinionsPage({
  view,
  ctx,
  agency,
  rows,
  done = '',
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements' | 'clock'>;
  agency: string;
  rows: readonly Omit<AskedOpinion, 'shows'>[];
  done?: string | undefined;
}) {
  const { say } = view;
  const finished = Object.hasOwn(DONE, done) ? DONE[done] : undefined;
  return (
    <Layout view={view} title={say('desk.opinions.title')} back="/desk" wide>
      {finished === undefined ? null : (
        <Notification tone="success" alive>
          <p>{say(finished)}</p>
        </Notification>
      )}
      <PageHeading caption={view.agencyName(agency)}>{say('desk.opinions.title')}</PageHeading>
      {rows.length === 0 ? (
        <Empty icon="check" title={say('desk.opinions.none')} />
      ) : (
        <Table
          caption={say('desk.opinions.title')}
          columns={[
            { title: say('desk.opinions.what') },
            { title: say('desk.notices.from') },
            { title: say('desk.column.case') },
            { title: say('desk.opinions.due') },
            { title: say('desk.opinions.status') },
          ]}
          rows={rows.map((row) => [
            <a key="opinion" href={`/desk/opinions/${row.id}`}>
              {opinionTitle(view, ctx, row)}
            </a>,
            say('common.evidence.from', { state: view.stateName(row.from), agency: view.agencyName(row.fromAgency) }),
            shortReference(row.application),
            row.answeredAt === null ? (
              <Due key="due" view={view} due={row.dueAt} now={ctx.clock.now()} />
            ) : (
              view.shortDate(row.answeredAt)
            ),
            <OpinionTag key="status" view={view} status={row.status} />,
          ])}
        />
      )}
    </Layout>
  );
}

export function OpinionPage({
  view,
  ctx,
  opinion,
  again: { asked, own, wrong },
  now,
  done = '',
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  opinion: AskedOpinion;
  again: Again;
  now: string;
  done?: string | undefined;
}) {
  const { say } = view;
  const { agreement, type } = termsOf(ctx, opinion);
  const title = textOf(view, agreement, type.title);
  const questions = asked ?? questionsState(agreement, type.asks, {});
  const errors = [...own, ...wrongFields(view, agreement, questions.fields, wrong && own.length === 0)];
  const stage = agreement.services[opinion.service]?.stages.find(({ name }) => name === opinion.stage);
  const carries = stage?.requests?.carries ?? {};
  const open = opinion.answeredAt === null;
  const binding = opinion.pattern === 'mutualObligation';
  const accepted = opinion.status === 'accepted';
  const finished = Object.hasOwn(DONE, done) ? DONE[done] : undefined;
  return (
    <Layout view={view} title={title} wrong={errors.length > 0} back="/desk/opinions">
      <ErrorSummary view={view} errors={errors} />
      {finished === undefined ? null : (
        <Notification tone="success" alive>
          <p>{say(finished)}</p>
        </Notification>
      )}
      <PageHeading
        caption={say('common.evidence.from', {
          state: view.stateName(opinion.from),
          agency: view.agencyName(opinion.fromAgency),
        })}
        lead={say('desk.opinion.about', { state: view.stateName(opinion.home) })}
      >
        {title}
      </PageHeading>
      <div class="cw-row cw-subtle">
        <OpinionTag view={view} status={opinion.status} />
        <span>
          {say('desk.opinions.due')} <Due view={view} due={opinion.dueAt} now={now} />
        </span>
      </div>
      <h2>{say('desk.opinion.shown')}</h2>
      <SummaryList
        rows={Object.entries(opinion.shows).map(([name, value]) => ({
          key: textOf(view, agreement, carries[name]?.label ?? name),
          value: valueWords(view, value),
        }))}
      />
      {open && binding && !accepted ? (
        <Form view={view} action={`/desk/opinions/${opinion.id}/accept`}>
          <p>{say('desk.opinion.accept.words')}</p>
          <Actions>
            <Button>{say('desk.opinion.accept')}</Button>
          </Actions>
        </Form>
      ) : null}
      {open && (!binding || accepted) ? (
        <Form view={view} action={`/desk/opinions/${opinion.id}`}>
          <h2>{say('desk.opinion.yours')}</h2>
          {questions.fields.map((one) => (
            <FormField
              key={one.field.name}
              view={view}
              agreement={agreement}
              asked={one}
              heading={false}
              error={errors.find(({ field }) => field === one.field.name)?.message}
            />
          ))}
          <Actions>
            <Button>{say('desk.opinion.give')}</Button>
          </Actions>
        </Form>
      ) : null}
      {open && !(binding && accepted) ? (
        <Details summary={say('desk.opinion.decline')}>
          <Form view={view} action={`/desk/opinions/${opinion.id}/decline`}>
            <p>{say('desk.opinion.decline.words')}</p>
            <Button kind="secondary" danger>
              {say('desk.opinion.decline')}
            </Button>
          </Form>
        </Details>
      ) : null}
    </Layout>
  );
}
