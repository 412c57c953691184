import type { Session } from '../../identity/index.ts';
import { LANGUAGES, languageName } from '../../texts/index.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { ButtonLink, CardLink, Cards, Layout, PageHeading, SummaryList, type View } from '../ui/index.ts';
import { ownData } from './own-data.ts';

/** Her account: how she is signed in, how the portal speaks to her, what she has given, and everything that is kept of her as a file. */
export function addProfile(pages: Pages): void {
  pages.person.get('/profile', ({ view, session, person }) =>
    page(<ProfilePage view={view} session={session} number={person.localId} />),
  );
  pages.person.get('/profile/data', async ({ ctx, person }) => ({
    kind: 'file',
    body: JSON.stringify(await ownData(ctx, person), null, 2),
    type: 'application/json',
    name: `commonway-${person.state}-${ctx.clock.now().slice(0, 10)}.json`,
  }));
}

export function ProfilePage({ view, session, number }: { view: View; session?: Session | undefined; number: string }) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.profile.title')}>
      <PageHeading lead={say('portal.profile.lead')}>{say('portal.profile.title')}</PageHeading>
      <SummaryList
        rows={[
          { key: say('portal.profile.name'), value: session?.account.name ?? '' },
          { key: say('portal.profile.number'), value: number },
          { key: say('portal.profile.home'), value: view.stateName(view.state) },
          ...(session === undefined
            ? []
            : [
                { key: say('portal.profile.assurance'), value: say(`portal.profile.assurance.${session.assurance}`) },
                { key: say('portal.profile.until'), value: view.date(session.expiresAt) },
              ]),
        ]}
      />
      <section class="cw-section">
        <h2>{say('portal.profile.language')}</h2>
        <ul class="cw-filters">
          {LANGUAGES.map((language) => (
            <li key={language}>
              <a
                href={`/language?to=${language}&back=/profile`}
                lang={language}
                hreflang={language}
                aria-current={language === view.language ? 'true' : undefined}
              >
                {languageName(language)}
              </a>
            </li>
          ))}
        </ul>
        <h2>{say('portal.profile.colours')}</h2>
        <ul class="cw-filters">
          {(['auto', 'light', 'dark'] as const).map((scheme) => (
            <li key={scheme}>
              <a
                href={`/appearance?to=${scheme}&back=/profile`}
                aria-current={scheme === view.scheme ? 'true' : undefined}
              >
                {say(`portal.profile.colours.${scheme}`)}
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section class="cw-section">
        <h2>{say('portal.signIn.title')}</h2>
        <Cards>
          <CardLink href="/passkeys" icon="shield" title={say('identity.passkeys.title')}>
            <p>{say('identity.profile.passkeys')}</p>
          </CardLink>
          <CardLink href="/sessions" icon="globe" title={say('identity.sessions.title')}>
            <p>{say('identity.profile.sessions')}</p>
          </CardLink>
        </Cards>
      </section>
      <section class="cw-section">
        <h2>{say('portal.profile.given')}</h2>
        <Cards>
          <CardLink href="/links" icon="link" title={say('portal.links.title')}>
            <p>{say('portal.profile.links')}</p>
          </CardLink>
          <CardLink href="/access" icon="eye" title={say('portal.access.title')}>
            <p>{say('portal.profile.access')}</p>
          </CardLink>
        </Cards>
      </section>
      <section class="cw-section">
        <h2>{say('portal.profile.data')}</h2>
        <p>{say('portal.profile.data.words')}</p>
        <ButtonLink href="/profile/data" kind="secondary">
          {say('portal.profile.data.get')}
        </ButtonLink>
      </section>
    </Layout>
  );
}
