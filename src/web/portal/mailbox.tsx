import { type Letter, lettersOf, markRead } from '../../mailbox/index.ts';
import type { Json } from '../../storage/index.ts';
import { isOwnPath, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Button, Empty, Form, Layout, PageHeading, Tag, type View } from '../ui/index.ts';

/** Letters: what happened, said in her language when she reads it. */
export function addMailbox(pages: Pages): void {
  pages.person.get('/mailbox', async ({ ctx, view, actor }) =>
    page(<MailboxPage view={view} letters={await lettersOf(ctx.db, actor.person)} />),
  );
  pages.person.post('/mailbox/:id/open', async ({ ctx, actor, params }) => {
    const id = params.id ?? '';
    const letter = (await lettersOf(ctx.db, actor.person)).find((one) => one.id === id);
    if (letter !== undefined) await markRead(ctx.db, ctx, actor.person, id);
    return redirect(letter?.link !== undefined && isOwnPath(letter.link) ? letter.link : '/mailbox');
  });
}

/** Words of a letter: codes of states and agencies in its parameters become names. */
function wordsOf(view: View, { kind, params }: Letter, part: 'title' | 'body'): string {
  const words = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, paramWords(view, name, value)]),
  );
  return view.find(`letter.${kind}.${part}`, words) ?? (part === 'title' ? view.say('portal.mailbox.letter') : '');
}

function paramWords(view: View, name: string, value: Json): string | number {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : '';
  if (name === 'state') return view.stateName(text);
  if (name === 'agency') return view.agencyName(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return view.date(text);
  return text;
}

export function MailboxPage({ view, letters }: { view: View; letters: readonly Letter[] }) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.mailbox.title')}>
      <PageHeading lead={say('portal.mailbox.lead')}>{say('portal.mailbox.title')}</PageHeading>
      {letters.length === 0 ? <Empty icon="mail" title={say('portal.mailbox.none')} /> : null}
      {letters.map((letter) => (
        <article class="cw-piece" key={letter.id}>
          <div class="cw-piece-head">
            <div>
              <h2>{wordsOf(view, letter, 'title')}</h2>
              <p>{view.date(letter.at)}</p>
            </div>
            {letter.readAt === undefined ? <Tag tone="info">{say('portal.mailbox.new')}</Tag> : null}
          </div>
          <p>{wordsOf(view, letter, 'body')}</p>
          {letter.link === undefined && letter.readAt !== undefined ? null : (
            <Form view={view} action={`/mailbox/${letter.id}/open`}>
              <Button kind="secondary" about={wordsOf(view, letter, 'title')}>
                {say(letter.link === undefined ? 'portal.mailbox.markRead' : 'portal.mailbox.open')}
              </Button>
            </Form>
          )}
        </article>
      ))}
    </Layout>
  );
}
