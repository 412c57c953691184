import { demandReason, recordAct } from '../../audit/index.ts';
import { listDeadLetters, retryDeadLetter, skipDeadLetter } from '../../exchange/index.ts';
import { dropDead, listDeadMessages, resendByOperator, retryDead } from '../../messages/index.ts';
import { Failure, isFailure, type Tx } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import {
  Button,
  Empty,
  ErrorSummary,
  Form,
  Notification,
  SummaryList,
  type SummaryRow,
  Table,
  TextField,
  type View,
} from '../ui/index.ts';
import { mayAtConsole } from './access.ts';
import { addPlace, Frame, type Place, placesOf } from './frame.tsx';

/** A message that came to nothing: between systems, or between nodes. Never what it says. */
export interface DeadLetter {
  id: string;
  kind: 'in' | 'out' | 'node';
  from: string;
  to: string;
  type: string;
  reason: string;
  since: string;
  /** How many wait behind it. */
  behind: number;
}

/** Dead letters: what waits behind them, and the two things that can be done, each with a reason that is kept. */
export function addMessages(pages: Pages): void {
  addPlace(pages, 'get', '/console/messages', 'node.read', async ({ ctx, view, session, query }) => {
    const done = query.done === 'resend' || query.done === 'drop' ? query.done : undefined;
    return page(<MessagesPage view={view} places={placesOf(ctx, session)} letters={await dead(ctx)} done={done} />);
  });
  addPlace(pages, 'get', '/console/messages/:kind/:id', 'node.read', (visit) => showLetter(visit));
  for (const act of ['resend', 'drop'] as const)
    addPlace(pages, 'post', `/console/messages/:kind/:id/${act}`, 'node.act', (visit) => settle(visit, act));
}

async function dead({ db }: Pick<WebContext, 'db'>): Promise<DeadLetter[]> {
  const [messages, letters] = await Promise.all([listDeadMessages(db), listDeadLetters(db)]);
  return [
    ...messages.map(({ id, direction, sender, channel, type, status, reason, created, behind }) => ({
      ...{ id, kind: direction, from: sender, to: channel, type, since: created, behind },
      reason: `${status} ${reason}`.trim(),
    })),
    ...letters.map(({ id, sender, type, error, receivedAt, behind }) => ({
      ...{ id, kind: 'node' as const, from: sender, to: '', type, reason: error, since: receivedAt, behind },
    })),
  ];
}

/** One between two systems of this state stands on both sides: which is meant is a part of its address. */
const addressOf = ({ kind, id }: DeadLetter): string => `/console/messages/${kind}/${id}`;

async function getLetter({ ctx, params }: OfficerVisit): Promise<DeadLetter> {
  const found = (await dead(ctx)).find(({ kind, id }) => kind === params.kind && id === params.id);
  if (found === undefined) throw new Failure('WEB_PAGE_NOT_FOUND');
  return found;
}

async function showLetter(visit: OfficerVisit, wrong?: { act: 'resend' | 'drop'; reason: string }): Promise<Answer> {
  const { ctx, view, session } = visit;
  const letter = await getLetter(visit);
  const acts = mayAtConsole(ctx, session, 'node.act');
  const shown = <LetterPage {...{ view, letter, acts, wrong }} places={placesOf(ctx, session)} />;
  return page(shown, wrong === undefined ? 200 : 400);
}

async function settle(visit: OfficerVisit, act: 'resend' | 'drop'): Promise<Answer> {
  const { ctx, officer, fields } = visit;
  const letter = await getLetter(visit);
  const reason = fields.one(`reason-${act}`);
  const kept = { by: officer.id, about: letter.id, reason };
  try {
    demandReason(reason);
    if (act === 'drop') await drop(ctx, letter, (tx) => recordAct(tx, ctx, { ...kept, act: 'messageDropped' }));
    else await resend(ctx, letter, (tx) => recordAct(tx, ctx, { ...kept, act: 'messageResent' }));
  } catch (error) {
    if (!isFailure(error, 'AUDIT_REASON')) throw error;
    return showLetter(visit, { act, reason });
  }
  return redirect(`/console/messages?done=${act}`);
}

type Record = (tx: Tx) => Promise<void>;

/** What came in here can be taken away; what went out is another state's by then, or nothing waits behind it. */
async function drop(ctx: WebContext, { id, kind, from }: DeadLetter, record: Record): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const dropped =
      kind === 'node' ? await skipDeadLetter(tx, from, id) : kind === 'in' && (await dropDead(tx, ctx, id));
    if (!dropped) throw new Failure('WEB_PAGE_NOT_FOUND');
    await record(tx);
  });
}

/**
 * What came in is handed out, or handled, again. What went out goes as a new message, and twice is once: so it goes first, and the history
 * says nothing that did not happen.
 */
async function resend(ctx: WebContext, { id, kind, from }: DeadLetter, record: Record): Promise<void> {
  if (kind === 'out') {
    await resendByOperator(ctx, id);
    return ctx.db.transaction(record);
  }
  await ctx.db.transaction(async (tx) => {
    const again = kind === 'node' ? await retryDeadLetter(tx, from, id) : await retryDead(tx, ctx, id);
    if (!again) throw new Failure('WEB_PAGE_NOT_FOUND');
    await record(tx);
  });
}

export function MessagesPage({
  view,
  places,
  letters,
  done,
}: {
  view: View;
  places: readonly Place[];
  letters: readonly DeadLetter[];
  done?: 'resend' | 'drop' | undefined;
}) {
  const { say } = view;
  return (
    <Frame view={view} places={places} title={say('console.messages.title')} lead={say('console.messages.lead')}>
      {done === undefined ? null : (
        <Notification tone="success" alive>
          <p>{say(`console.messages.done.${done}`)}</p>
        </Notification>
      )}
      {letters.length === 0 ? (
        <Empty icon="check" title={say('console.messages.none')} />
      ) : (
        <Table
          caption={say('console.messages.caption')}
          columns={[
            { title: say('console.messages.message') },
            { title: say('console.messages.kind') },
            { title: say('console.messages.from') },
            { title: say('console.messages.type') },
            { title: say('console.reason') },
            { title: say('console.messages.since') },
            { title: say('console.messages.behind'), number: true },
          ]}
          rows={letters.map((letter) => [
            <a key="message" href={addressOf(letter)}>
              <code>{letter.id.slice(0, 13)}</code>
            </a>,
            say(`console.messages.kind.${letter.kind}`),
            letter.to === '' ? letter.from : `${letter.from} → ${letter.to}`,
            letter.type,
            letter.reason,
            view.date(letter.since),
            view.number(letter.behind),
          ])}
        />
      )}
    </Frame>
  );
}

const actsOf = ({ kind }: DeadLetter) => (kind === 'out' ? (['resend'] as const) : (['resend', 'drop'] as const));

export function LetterPage({
  view,
  places,
  letter,
  acts,
  wrong,
}: {
  view: View;
  places: readonly Place[];
  letter: DeadLetter;
  /** Whether its reader may do something about it. */
  acts: boolean;
  wrong?: { act: 'resend' | 'drop'; reason: string } | undefined;
}) {
  const { say } = view;
  const rows: SummaryRow[] = [
    { key: say('console.messages.message'), value: <code>{letter.id}</code> },
    { key: say('console.messages.kind'), value: say(`console.messages.kind.${letter.kind}`) },
    { key: say('console.messages.from'), value: letter.to === '' ? letter.from : `${letter.from} → ${letter.to}` },
    { key: say('console.messages.type'), value: letter.type },
    { key: say('console.reason'), value: letter.reason },
    { key: say('console.messages.since'), value: view.date(letter.since) },
    { key: say('console.messages.behind'), value: view.number(letter.behind) },
  ];
  const message = say('console.reason.wrong');
  return (
    <Frame
      view={view}
      places={places}
      title={say('console.messages.one')}
      back="/console/messages"
      wrong={wrong !== undefined}
    >
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [{ field: `reason-${wrong.act}`, message }]} />
      <SummaryList rows={rows} />
      {acts
        ? actsOf(letter).map((act) => (
            <section class="cw-section" key={act}>
              <h2>{say(`console.messages.${act}`)}</h2>
              <p>{say(`console.messages.${act}.words`)}</p>
              <Form view={view} action={`${addressOf(letter)}/${act}`}>
                <TextField
                  view={view}
                  chars={60}
                  name={`reason-${act}`}
                  label={say('console.reason.why')}
                  value={wrong?.act === act ? wrong.reason : ''}
                  {...(wrong?.act === act ? { error: message } : {})}
                />
                <Button kind="secondary" danger={act === 'drop'}>
                  {say(`console.messages.${act}`)}
                </Button>
              </Form>
            </section>
          ))
        : null}
    </Frame>
  );
}
