import { closeOtherSessions, endSession, listSessions, type OpenSession } from '../../identity/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Button, Form, Layout, PageHeading, SummaryList, type View } from '../ui/index.ts';

/** Where somebody is signed in, person or officer, and the end of any of it. */
export function addSessions(pages: Pages): void {
  pages.signedIn.get('/sessions', async ({ ctx, view, session }) =>
    page(<SessionsPage view={view} own={session.id} sessions={await listSessions(ctx, session.account.id)} />),
  );
  pages.signedIn.post('/sessions/end-others', async ({ ctx, session }) => {
    await closeOtherSessions(ctx.db, session);
    return redirect('/sessions');
  });
  pages.signedIn.post('/sessions/:id/end', async ({ ctx, session, params }) => {
    await endSession(ctx.db, session.account.id, params.id ?? '');
    return redirect('/sessions');
  });
}

export function SessionsPage({
  view,
  own,
  sessions,
}: {
  view: View;
  /** The session that looks at the page. */
  own: string;
  sessions: readonly OpenSession[];
}) {
  const { say } = view;
  const title = say('identity.sessions.title');
  const back = view.session?.account.kind === 'officer' ? '/desk' : '/profile';
  const others = sessions.filter(({ id }) => id !== own);
  return (
    <Layout view={view} title={title} back={back}>
      <PageHeading lead={say('identity.sessions.lead')}>{title}</PageHeading>
      {[...sessions.filter(({ id }) => id === own), ...others].map((session) => (
        <OneSession key={session.id} view={view} session={session} own={session.id === own} />
      ))}
      {others.length === 0 ? null : (
        <Form view={view} action="/sessions/end-others">
          <Button>{say('identity.sessions.endOthers')}</Button>
        </Form>
      )}
      <p>
        <a href="/passkeys">{say('identity.passkeys.title')}</a>
      </p>
    </Layout>
  );
}

function OneSession({ view, session, own }: { view: View; session: OpenSession; own: boolean }) {
  const { say } = view;
  const { id, method, assurance, createdAt, seenAt, expiresAt } = session;
  return (
    <article class="cw-piece">
      <div class="cw-piece-head">
        <h2>{say(own ? 'identity.sessions.this' : 'identity.sessions.other')}</h2>
      </div>
      <SummaryList
        tight
        rows={[
          { key: say('identity.sessions.method'), value: view.find(`identity.sessions.method.${method}`) ?? method },
          { key: say('portal.profile.assurance'), value: say(`portal.profile.assurance.${assurance}`) },
          { key: say('identity.sessions.since'), value: view.date(createdAt) },
          { key: say('identity.sessions.seen'), value: view.date(seenAt) },
          { key: say('identity.sessions.until'), value: view.date(expiresAt) },
        ]}
      />
      {own ? null : (
        <Form view={view} action={`/sessions/${id}/end`}>
          <Button kind="secondary" about={view.date(seenAt)}>
            {say('identity.sessions.end')}
          </Button>
        </Form>
      )}
    </article>
  );
}
