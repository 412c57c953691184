import type { ComponentChildren } from 'preact';
import { may, type Session } from '../../identity/index.ts';
import { direction, LANGUAGES, languageName } from '../../texts/index.ts';
import { Logo, StrandLine } from './brand.tsx';
import { Form } from './form.tsx';
import { Icon } from './icon.tsx';
import type { View } from './view.ts';

export interface LayoutProps {
  view: View;
  /** What the page is about: first in the title of the window. */
  title: string;
  /** Something on the page is wrong: the title says so, and the error summary takes the focus. */
  wrong?: boolean;
  /** Where the back link leads. */
  back?: string;
  /** Full-width content before the column, for the start page. */
  hero?: ComponentChildren;
  /** Seconds after which a page that waits is loaded again without scripts. */
  refresh?: number;
  /** The whole width, for tables and side by side. */
  wide?: boolean;
  /** Where the navigation leads, in place of what is common to the reader's kind of account. */
  places?: readonly [href: string, words: string][];
  /** The page loads the verifier of ledger proofs. */
  proofs?: boolean;
  /** The page has a form that an authenticator answers. */
  passkeys?: boolean;
  children: ComponentChildren;
}

/** A whole document: head, header with language switch, main part, footer. */
export function Layout(props: LayoutProps) {
  const { view, title, wrong, back, hero, refresh, wide, places, proofs, passkeys, children } = props;
  const { say } = view;
  const site = say(`common.site.${view.face}`, {
    state: view.stateName(view.state),
  });
  return (
    <html
      lang={view.language}
      dir={direction(view.language)}
      data-color-scheme={view.scheme}
      data-state={view.state}
      data-color="accent"
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${wrong ? say('common.wrong.prefix', { title }) : title} – ${site}`}</title>
        <meta name="color-scheme" content={view.scheme === 'auto' ? 'light dark' : view.scheme} />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={view.assets.style} />
        <script type="module" src={view.assets.script} />
        {proofs ? <script type="module" src={view.assets.proof} /> : null}
        {passkeys ? <script type="module" src={view.assets.passkey} /> : null}
        {refresh === undefined ? null : (
          <noscript>
            <meta http-equiv="refresh" content={String(refresh)} />
          </noscript>
        )}
      </head>
      <body class={view.face === 'portal' ? undefined : 'cw-desk'}>
        <a class="cw-skip" href="#main">
          {say('common.skip')}
        </a>
        {view.demo ? <p class="cw-print-mark">{say('common.demo.mark')}</p> : null}
        <StrandLine own={view.state} states={view.states} />
        <Header view={view} places={places} />
        <main id="main" tabIndex={-1}>
          {hero}
          <div class="cw-main">
            {back === undefined ? null : (
              <a class="cw-crumb" href={back}>
                <Icon name="back" turns />
                {say('common.back')}
              </a>
            )}
            {wide || hero ? children : <div class="cw-narrow">{children}</div>}
          </div>
        </main>
        <Footer view={view} />
      </body>
    </html>
  );
}

function Header({ view, places }: { view: View; places: LayoutProps['places'] }) {
  const { say, session } = view;
  return (
    <header class="cw-header">
      <div class="cw-wide cw-header-row">
        <a class="cw-brand" href={view.face === 'portal' ? '/' : `/${view.face}`}>
          <Logo />
          <span>
            <b>{view.stateName(view.state)}</b>
            <span>{say(`common.tagline.${view.face}`)}</span>
          </span>
        </a>
        <div class="cw-tools">
          <LanguageSwitch view={view} />
          {session === undefined ? (
            <a class="cw-tool" href="/sign-in">
              <Icon name="person" />
              {say('common.signIn')}
            </a>
          ) : (
            <>
              <AccountName session={session} />
              <Form view={view} action="/sign-out">
                <button class="cw-tool" type="submit">
                  <Icon name="out" turns />
                  {say('common.signOut')}
                </button>
              </Form>
            </>
          )}
        </div>
      </div>
      <Navigation view={view} own={places} />
      <Notices view={view} />
    </header>
  );
}

/** A person is led to her account; an officer, who has none of his own to look at, to the ways he signs in. */
function AccountName({ session: { account } }: { session: Session }) {
  const name = (
    <>
      <Icon name="person" />
      {account.name}
    </>
  );
  return (
    <a class="cw-tool" href={account.kind === 'person' ? '/profile' : '/passkeys'}>
      {name}
    </a>
  );
}

function LanguageSwitch({ view }: { view: View }) {
  return (
    <details class="cw-menu">
      <summary>
        <Icon name="globe" />
        <span class="cw-hide">{view.say('common.language')}</span>
        {languageName(view.language)}
        <Icon name="chevron" />
      </summary>
      <ul>
        {LANGUAGES.map((language) => (
          <li key={language}>
            <LanguageLink view={view} language={language} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function LanguageLink({ view, language }: { view: View; language: (typeof LANGUAGES)[number] }) {
  return (
    <a
      href={`/language?to=${language}&back=${encodeURIComponent(view.here)}`}
      lang={language}
      hreflang={language}
      aria-current={language === view.language ? 'true' : undefined}
    >
      {languageName(language)}
    </a>
  );
}

function Navigation({ view, own }: { view: View; own: LayoutProps['places'] }) {
  const { say, session } = view;
  if (session === undefined) return null;
  const places: readonly (readonly [string, string, number?])[] =
    own ??
    (session.account.kind === 'officer'
      ? [
          ['/desk', say('desk.nav.queue')],
          ['/desk/opinions', say('desk.nav.opinions')],
          ['/desk/notices', say('desk.nav.notices')],
          ...(may(session, 'register.read', { agency: session.account.agency })
            ? [['/desk/registers', say('desk.nav.registers')] as [string, string]]
            : []),
          ...(may(session, 'enrolment.confirm', { agency: session.account.agency })
            ? [['/desk/enrolments', say('identity.enrolment.title')] as [string, string]]
            : []),
        ]
      : [
          ['/services', say('portal.nav.services')],
          ['/applications', say('portal.nav.applications')],
          ['/documents', say('portal.nav.documents')],
          ['/mailbox', say('portal.nav.mailbox'), view.unread],
          ['/access', say('portal.nav.access')],
          ['/links', say('portal.nav.links')],
        ]);
  const path = view.here.split('?')[0] ?? '/';
  const current = places
    .map(([href]) => href)
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0];
  return (
    <nav class="cw-nav" aria-label={say('common.navigation')}>
      <div class="cw-wide">
        <ul>
          {places.map(([href, words, count]) => (
            <li key={href}>
              <a href={href} aria-current={href === current ? 'page' : undefined}>
                {words}
                {count ? (
                  <span class="cw-count">
                    {view.number(count)}
                    <span class="cw-hide">{say('portal.nav.unread')}</span>
                  </span>
                ) : null}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  );
}

function Notices({ view }: { view: View }) {
  const { say } = view;
  return (
    <>
      {view.demo ? (
        <div class="cw-demo">
          <p class="cw-wide">{say('common.demo')}</p>
        </div>
      ) : null}
      {view.expired ? (
        <div class="cw-demo" role="status">
          <p class="cw-wide">{say('common.expired')}</p>
        </div>
      ) : null}
    </>
  );
}

function Footer({ view }: { view: View }) {
  const { say } = view;
  return (
    <footer class="cw-footer">
      <div class="cw-wide cw-footer-row">
        <div>
          <h2>{say('common.footer.about')}</h2>
          <p>{say('common.footer.words')}</p>
        </div>
        <div>
          <h2>{say('common.language')}</h2>
          <ul class="cw-languages">
            {LANGUAGES.map((language) => (
              <li key={language}>
                <LanguageLink view={view} language={language} />
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h2>{say('common.footer.more')}</h2>
          <ul>
            <li>
              <a href="/verify">{say('common.footer.verify')}</a>
            </li>
            <li>
              <a href="/figures">{say('common.footer.figures')}</a>
            </li>
            <li>
              <a href="/desk">{say('common.footer.desk')}</a>
            </li>
            <li>
              <a
                href={`/appearance?to=${view.scheme === 'dark' ? 'light' : 'dark'}&back=${encodeURIComponent(view.here)}`}
              >
                {say(view.scheme === 'dark' ? 'common.footer.light' : 'common.footer.dark')}
              </a>
            </li>
          </ul>
        </div>
      </div>
    </footer>
  );
}
