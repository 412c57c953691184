import {
  beginSignIn,
  closeSession,
  EID_RETURN,
  findAccount,
  type OfferedAccount,
  type SignInOffer,
  signIn,
  signInOffers,
  signingOptions,
} from '../../identity/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import { type Answer, isOwnPath, json, page, redirect } from '../http/answer.ts';
import { dropCookie, readCookie, setCookie } from '../http/cookies.ts';
import type { Pages } from '../http/routes.ts';
import { ensureSecret, isSecure, signInRequest, type Visit } from '../http/visit.ts';
import {
  Button,
  ButtonLink,
  Cards,
  Details,
  Empty,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  TextField,
  type View,
} from '../ui/index.ts';

/** Sign-in and sign-out. Which ways exist for this request is the identity room's business. */
export function addSignIn(pages: Pages): void {
  pages.anybody.get('/sign-in', (visit) => showSignIn(visit, backOf(visit.query.back)));
  pages.anybody.post('/sign-in', (visit) => comeIn(visit, visit.fields.one('method') || 'development'));
  pages.anybody.post('/sign-in/passkey', (visit) => comeIn(visit, 'passkey'));
  pages.anybody.post('/sign-in/code', (visit) => comeIn(visit, 'enrolment'));
  pages.anybody.post('/sign-in/passkey/options', async ({ ctx, request }) =>
    json(await signingOptions(ctx, signInRequest(ctx, request).browser)),
  );
  // A link and no form: the policy lets forms lead nowhere but to this portal.
  pages.anybody.get('/sign-in/eid', (visit) => {
    const { ctx, query, request, reply } = visit;
    const back = backOf(query.back);
    ensureSecret(ctx, request, reply);
    return orSayWhy(visit, back, async () => ({
      kind: 'away',
      to: await beginSignIn(ctx, signInRequest(ctx, request), 'eid', back),
    }));
  });
  pages.anybody.get(EID_RETURN, (visit) =>
    comeIn(visit, 'eid', { query: visit.request.url.split('?').slice(1).join('?') }),
  );
  pages.anybody.post('/sign-out', async ({ ctx, request, reply }) => {
    const token = readCookie(request, 'session', isSecure(ctx));
    if (token !== undefined) await closeSession(ctx.db, token);
    dropCookie(reply, 'session', isSecure(ctx));
    return redirect('/');
  });
}

const answerOf = ({ fields }: Visit): Record<string, string> =>
  Object.fromEntries(fields.names().map((name) => [name, fields.one(name)]));

async function comeIn(visit: Visit, method: string, answer = answerOf(visit)): Promise<Answer> {
  const { ctx, fields, request, reply } = visit;
  const before = readCookie(request, 'session', isSecure(ctx));
  const back = backOf(fields.one('back'));
  return orSayWhy(visit, back, async () => {
    const { token, account, back: where } = await signIn(ctx, signInRequest(ctx, request), method, answer, before);
    setCookie(reply, 'session', token, isSecure(ctx));
    dropCookie(reply, 'visit', isSecure(ctx));
    // Who came by a code has no other way in yet: that is what it was for.
    if (method === 'enrolment') return redirect('/passkeys');
    return redirect(back ?? backOf(where) ?? (await homeOf(visit, account)));
  });
}

/** The sign-in page again, where what was shown proves nothing. */
async function orSayWhy(visit: Visit, back: string | undefined, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const wrong = isFailure(error) ? WRONG[error.code] : undefined;
    if (wrong === undefined) throw error;
    return showSignIn(visit, back, visit.view.say(wrong));
  }
}

/** What the page says where an answer proved nothing; anything else is no fault of hers. */
const WRONG: Readonly<Record<string, TextId>> = {
  IDENTITY_PERSONA_UNKNOWN: 'portal.signIn.choose',
  IDENTITY_EID_AWAY: 'identity.signIn.eid.away',
  IDENTITY_EID_REFUSED: 'identity.signIn.eid.wrong',
  IDENTITY_ENROLMENT_CODE: 'identity.signIn.code.wrong',
  IDENTITY_PASSKEY_REFUSED: 'identity.signIn.passkey.wrong',
};

const backOf = (path: string | undefined): string | undefined =>
  path !== undefined && isOwnPath(path) ? path : undefined;

/** Officers begin at their desk, operators and designers at the console, people at the services. */
async function homeOf({ ctx }: Visit, id: string): Promise<string> {
  const account = await findAccount(ctx.db, id);
  if (account?.kind !== 'officer') return '/services';
  const atConsole = account.grants.every(({ role }) => role === 'operator' || role === 'designer');
  return atConsole && account.grants.length > 0 ? '/console' : '/desk';
}

async function showSignIn({ ctx, view, session, request, query }: Visit, back: string | undefined, wrong?: string) {
  const offers = await signInOffers(ctx, signInRequest(ctx, request));
  return page(
    <SignInPage
      {...{ view, offers, back, wrong }}
      meant={query.persona}
      more={session !== undefined && query.more !== undefined}
    />,
    wrong === undefined ? 200 : 400,
  );
}

export function SignInPage({
  view,
  offers,
  back,
  wrong,
  meant,
  more = false,
}: {
  view: View;
  offers: readonly { method: string; offer: SignInOffer }[];
  back?: string | undefined;
  wrong?: string | undefined;
  /** Whom the link to this page named: she stands first. Nobody is signed in by a link. */
  meant?: string | undefined;
  /** She is signed in, but not surely enough for where she wants to go. */
  more?: boolean;
}) {
  const { say } = view;
  const choice = offers.find(({ offer }) => offer.kind === 'choice');
  const eid = offers.find(({ offer }) => offer.kind === 'redirect')?.offer;
  const byCode = offers.some(({ offer }) => offer.kind === 'code');
  const byPasskey = offers.some(({ offer }) => offer.kind === 'passkey');
  const offered = choice?.offer.kind === 'choice' ? choice.offer.accounts : [];
  const named = offered.filter(({ account }) => account.id === meant);
  const accounts = offered.filter(({ account }) => account.id !== meant);
  const people = accounts.filter(({ account }) => account.kind === 'person');
  const officers = accounts.filter(({ account }) => account.kind === 'officer');
  const toDesk = (back?.startsWith('/desk') ?? false) || named[0]?.account.kind === 'officer';
  const both = [
    { title: say('portal.signIn.people'), accounts: people },
    { title: say('portal.signIn.officers'), accounts: officers },
  ];
  const groups = [{ title: say('portal.signIn.meant'), accounts: named }, ...(toDesk ? both.toReversed() : both)];
  return (
    <Layout view={view} title={say('portal.signIn.title')} wrong={wrong !== undefined} passkeys={byPasskey} wide>
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [{ field: '', message: wrong }]} />
      <PageHeading lead={say('portal.signIn.lead', { state: view.stateName(view.state) })}>
        {say('portal.signIn.title')}
      </PageHeading>
      {more ? (
        <Notification title={say('identity.more.title')}>
          <p>{say('identity.more.words')}</p>
        </Notification>
      ) : null}
      {eid?.kind === 'redirect' ? (
        <section class="cw-section" aria-labelledby="by-eid">
          <h2 id="by-eid">{say('identity.signIn.eid')}</h2>
          <p>{say('identity.signIn.eid.words')}</p>
          <ButtonLink big href={back === undefined ? eid.to : `${eid.to}?back=${encodeURIComponent(back)}`}>
            {say('identity.signIn.eid.do')}
          </ButtonLink>
        </section>
      ) : null}
      {byPasskey ? <PasskeyForm view={view} back={back} /> : null}
      {byCode ? <CodeForm view={view} /> : null}
      {offers.length === 0 ? (
        <Empty icon="person" title={say('portal.signIn.none')}>
          <p>{say('portal.signIn.none.words')}</p>
        </Empty>
      ) : null}
      {choice === undefined ? null : (
        <>
          <Notification tone="warning" title={say('portal.signIn.demo')}>
            <p>{say('portal.signIn.demo.words')}</p>
          </Notification>
          {groups.map(({ title, accounts: some }) =>
            some.length === 0 ? null : (
              <section key={title} class="cw-section">
                <h2>{title}</h2>
                <Cards>
                  {some.map((offered) => (
                    <Persona
                      key={offered.account.id}
                      view={view}
                      offered={offered}
                      method={choice.method}
                      back={back}
                      meant={named.includes(offered)}
                    />
                  ))}
                </Cards>
              </section>
            ),
          )}
        </>
      )}
    </Layout>
  );
}

/** One button: who she is, her authenticator knows. */
function PasskeyForm({ view, back }: { view: View; back: string | undefined }) {
  const { say } = view;
  return (
    <section class="cw-section" aria-labelledby="by-passkey">
      <h2 id="by-passkey">{say('identity.passkeys.title')}</h2>
      <p>{say('identity.signIn.passkey.words')}</p>
      <noscript>
        <p class="cw-subtle">{say('identity.passkeys.scripts')}</p>
      </noscript>
      <Form view={view} action="/sign-in/passkey" passkey="/sign-in/passkey/options">
        {back === undefined ? null : <input type="hidden" name="back" value={back} />}
        <Button big>{say('identity.signIn.passkey')}</Button>
      </Form>
    </section>
  );
}

/** For whoever was given a code at an office; most people never need it. */
function CodeForm({ view }: { view: View }) {
  const { say } = view;
  return (
    <Details summary={say('identity.signIn.code')}>
      <p>{say('identity.signIn.code.words')}</p>
      <Form view={view} action="/sign-in/code">
        {(['first', 'second'] as const).map((name) => (
          <TextField
            key={name}
            {...{ view, name, label: say(`identity.signIn.code.${name}`) }}
            autocomplete="off"
            maxLength={20}
          />
        ))}
        <Button kind="secondary">{say('identity.signIn.code.do')}</Button>
      </Form>
    </Details>
  );
}

/** A person's own story; an officer's is what his role does. */
function storyOf(view: View, { account, story }: OfferedAccount): string {
  const role = account.kind === 'officer' ? account.grants[0]?.role : undefined;
  const id = role === undefined ? `personas.${account.id}.story` : `personas.role.${role}`;
  return view.find(id) ?? story;
}

function Persona({
  view,
  offered: { account, story },
  method,
  back,
  meant,
}: {
  view: View;
  offered: OfferedAccount;
  method: string;
  back: string | undefined;
  /** The link to the page names her: her button takes the focus, so that the return key is enough. */
  meant: boolean;
}) {
  const initials = account.name
    .split(/[\s-]+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('');
  return (
    <Form view={view} action="/sign-in">
      <input type="hidden" name="method" value={method} />
      <input type="hidden" name="persona" value={account.id} />
      {back === undefined ? null : <input type="hidden" name="back" value={back} />}
      <div class="cw-card cw-persona" data-link data-meant={meant ? '' : undefined}>
        <span class="cw-mark cw-initials" aria-hidden="true">
          {initials}
        </span>
        <h3>{account.name}</h3>
        {account.kind === 'officer' ? <p class="cw-small">{view.agencyName(account.agency)}</p> : null}
        <p class="cw-subtle">{storyOf(view, { account, story })}</p>
        <button class={meant ? 'ds-button cw-card-foot' : 'cw-plain cw-card-foot'} type="submit" autofocus={meant}>
          {view.say('portal.signIn.as', { name: account.name })}
        </button>
      </div>
    </Form>
  );
}
