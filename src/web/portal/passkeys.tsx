import {
  bindingOptions,
  bindPasskey,
  FRESH_MINUTES,
  isFresh,
  listPasskeys,
  type Passkey,
  removePasskey,
} from '../../identity/index.ts';
import { type Failure, isFailure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import { type Answer, json, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { type SignedInVisit, signInRequest } from '../http/visit.ts';
import {
  Actions,
  Button,
  ButtonLink,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  SummaryList,
  TextField,
  type View,
  type WrongField,
} from '../ui/index.ts';

/** The passkeys of whoever is signed in, person or officer: looked at, made, removed. */
export function addPasskeys(pages: Pages): void {
  pages.signedIn.get('/passkeys', (visit) => showPasskeys(visit));
  pages.signedIn.post('/passkeys/options', async ({ ctx, view, session, request }) => {
    const portal = view.say('common.site.portal', { state: view.stateName(view.state) });
    return json(await bindingOptions(ctx, session, signInRequest(ctx, request).browser, portal));
  });
  pages.signedIn.post('/passkeys', (visit) => {
    const { ctx, session, fields, request } = visit;
    const { browser } = signInRequest(ctx, request);
    return change(visit, () =>
      bindPasskey(ctx, session, { answer: fields.one('credential'), name: fields.one('name'), browser }),
    );
  });
  pages.signedIn.post('/passkeys/:id/remove', (visit) => {
    const { ctx, session, params, request } = visit;
    return change(visit, () => removePasskey(ctx, signInRequest(ctx, request), session, params.id ?? ''));
  });
}

/** Changes something and shows the list again, with what was wrong where it was her device's or her own. */
async function change(visit: SignedInVisit, work: () => Promise<void>): Promise<Answer> {
  try {
    await work();
    return redirect('/passkeys');
  } catch (error) {
    if (isFailure(error, 'IDENTITY_SIGN_IN_AGAIN')) return redirect(SIGN_IN_AGAIN);
    const wrong = isFailure(error) ? WRONG[error.code] : undefined;
    if (wrong === undefined) throw error;
    return showPasskeys(visit, { ...wrong, params: (error as Failure).params });
  }
}

const SIGN_IN_AGAIN = '/sign-in?back=%2Fpasskeys';

const WRONG: Readonly<Record<string, { field: string; text: TextId }>> = {
  IDENTITY_PASSKEY_REFUSED: { field: '', text: 'identity.passkeys.wrong.refused' },
  IDENTITY_PASSKEY_TAKEN: { field: '', text: 'identity.passkeys.wrong.taken' },
  IDENTITY_PASSKEY_NAME: { field: 'name', text: 'identity.passkeys.wrong.name' },
  IDENTITY_PASSKEYS_FULL: { field: '', text: 'identity.passkeys.wrong.full' },
  IDENTITY_PASSKEY_LAST: { field: '', text: 'identity.passkeys.wrong.last' },
};

async function showPasskeys(
  { ctx, view, session, fields }: SignedInVisit,
  wrong?: { field: string; text: TextId; params: Failure['params'] },
): Promise<Answer> {
  const passkeys = await listPasskeys(ctx.db, session.account.id);
  const errors = wrong === undefined ? [] : [{ field: wrong.field, message: view.say(wrong.text, wrong.params) }];
  const shown = {
    view,
    passkeys,
    fresh: isFresh(ctx, session),
    low: session.assurance === 'low',
    errors,
    name: fields.one('name'),
  };
  return page(<PasskeysPage {...shown} />, wrong === undefined ? 200 : 400);
}

export function PasskeysPage({
  view,
  passkeys,
  fresh,
  low = false,
  errors = [],
  name = '',
}: {
  view: View;
  passkeys: readonly Passkey[];
  /** She signed in just now, so she may change them. */
  fresh: boolean;
  /** She came by a way that shows her nothing but this: a code from an office. */
  low?: boolean;
  errors?: readonly WrongField[];
  name?: string;
}) {
  const { say } = view;
  const title = say('identity.passkeys.title');
  const back = view.session?.account.kind === 'officer' ? '/desk' : '/profile';
  return (
    <Layout view={view} title={title} back={back} wrong={errors.length > 0} passkeys={fresh}>
      <ErrorSummary view={view} errors={errors} />
      <PageHeading lead={say('identity.passkeys.lead')}>{title}</PageHeading>
      {fresh ? null : (
        <Notification title={say('identity.passkeys.again')}>
          <p>{say('identity.passkeys.again.words', { minutes: FRESH_MINUTES })}</p>
          <ButtonLink href={SIGN_IN_AGAIN} kind="secondary">
            {say('identity.passkeys.again.do')}
          </ButtonLink>
        </Notification>
      )}
      {low ? (
        <Notification title={say('identity.passkeys.low')}>
          <p>{say('identity.passkeys.low.words')}</p>
          {passkeys.length === 0 ? null : <ButtonLink href="/sign-in">{say('identity.signIn.passkey')}</ButtonLink>}
        </Notification>
      ) : null}
      {passkeys.length === 0 ? <p class="cw-subtle">{say('identity.passkeys.none')}</p> : null}
      {passkeys.map((passkey) => (
        <OnePasskey key={passkey.id} view={view} passkey={passkey} fresh={fresh} />
      ))}
      {fresh ? (
        <NewPasskey view={view} name={name} error={errors.find(({ field }) => field === 'name')?.message} />
      ) : null}
    </Layout>
  );
}

function OnePasskey({ view, passkey, fresh }: { view: View; passkey: Passkey; fresh: boolean }) {
  const { say } = view;
  const { id, name, synced, assurance, createdAt, usedAt } = passkey;
  return (
    <article class="cw-piece">
      <div class="cw-piece-head">
        <h2>{name}</h2>
      </div>
      <SummaryList
        tight
        rows={[
          {
            key: say('identity.passkeys.kept'),
            value: say(synced ? 'identity.passkeys.kept.synced' : 'identity.passkeys.kept.alone'),
          },
          { key: say('identity.passkeys.reaches'), value: say(`portal.profile.assurance.${assurance}`) },
          { key: say('identity.passkeys.added'), value: view.date(createdAt) },
          {
            key: say('identity.passkeys.used'),
            value: usedAt === undefined ? say('identity.passkeys.never') : view.date(usedAt),
          },
        ]}
      />
      {fresh ? (
        <Form view={view} action={`/passkeys/${id}/remove`}>
          <Button kind="secondary" about={name}>
            {say('identity.passkeys.remove')}
          </Button>
        </Form>
      ) : null}
    </article>
  );
}

function NewPasskey({ view, name, error }: { view: View; name: string; error: string | undefined }) {
  const { say } = view;
  return (
    <section class="cw-section" aria-labelledby="new-passkey">
      <h2 id="new-passkey">{say('identity.passkeys.add')}</h2>
      <p>{say('identity.passkeys.add.words')}</p>
      <noscript>
        <p class="cw-subtle">{say('identity.passkeys.scripts')}</p>
      </noscript>
      <Form view={view} action="/passkeys" passkey="/passkeys/options">
        <TextField
          {...{ view, name: 'name', label: say('identity.passkeys.name'), error }}
          hint={say('identity.passkeys.name.hint')}
          value={name}
          maxLength={60}
        />
        <Actions>
          <Button big>{say('identity.passkeys.make')}</Button>
        </Actions>
      </Form>
    </section>
  );
}
