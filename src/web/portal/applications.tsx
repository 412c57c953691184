import type { Agreement, Decision, Joined, Service } from '../../agreements/index.ts';
import {
  type Application,
  type ApplicationCase,
  addLateEvidence,
  applicationsOf,
  type Draft,
  getApplication,
  openDrafts,
  shortReference,
  togetherOf,
} from '../../applications/index.ts';
import { dayOf } from '../../calendar/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import type { WebContext } from '../context.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { aboutSent } from '../shown/about.ts';
import { articleWords, textOf } from '../shown/agreement-words.ts';
import { EvidencePiece } from '../shown/evidence-piece.tsx';
import { OutcomeTag, Reasons, Verdict } from '../shown/explanation.tsx';
import { MandateLine } from '../shown/mandate.tsx';
import {
  Button,
  ButtonLink,
  CardLink,
  Cards,
  Details,
  Empty,
  Form,
  type IconName,
  Layout,
  Notification,
  PageHeading,
  Panel,
  Tag,
  Timeline,
  type Tone,
  type View,
} from '../ui/index.ts';

import { showActed } from './acted.tsx';

/** How often the page of an application that waits for a decision is loaded again without scripts, in seconds. */
const REFRESH = 30;

/** What she has applied for, and how it stands in every state. */
export function addApplications(pages: Pages): void {
  pages.person.get('/applications', async ({ ctx, view, actor }) => {
    const sent = await applicationsOf(ctx.db, actor.person);
    const drafts = await openDrafts(ctx.db, actor.person, ctx.clock.now());
    return page(<ApplicationsPage view={view} ctx={ctx} sent={sent} drafts={drafts} />);
  });
  pages.person.get('/applications/:id', async ({ ctx, view, actor, params, query }) => {
    const application = await getApplication(ctx.db, actor.person, params.id ?? '').catch((error: unknown) => {
      if (!isFailure(error, 'APPLICATION_NOT_FOUND')) throw error;
      return undefined;
    });
    if (application === undefined) return showActed(ctx, view, actor.person, params.id ?? '');
    const agreement = ctx.agreements.byContract(application.contract);
    return page(
      <ApplicationPage
        view={view}
        application={application}
        agreement={agreement}
        asDecided={(decision, state) => asDecided(ctx, decision, state)}
        decidedBy={({ contract }) => (contract === undefined ? agreement : ctx.agreements.byContract(contract))}
        sent={query.sent === '1'}
      />,
    );
  });
  pages.person.post('/applications/:id/evidence', async ({ ctx, actor, params, fields }) => {
    const id = params.id ?? '';
    await addLateEvidence(ctx, actor, id, fields.one('key'));
    return redirect(`/applications/${id}`);
  });
  // For the enhancement script: the page is loaded again only when this text changes.
  pages.person.get('/applications/:id/state', async ({ ctx, actor, params }) => {
    const application = await getApplication(ctx.db, actor.person, params.id ?? '');
    return { kind: 'text', body: stateOf(application), type: 'text/plain; charset=utf-8' };
  });
}

/** The agreement in the words and with the annex of the day of the decision: what is decided is shown as it was. */
function asDecided({ agreements }: Pick<WebContext, 'agreements'>, { digests }: Decision, state: string) {
  return agreements.byContract(digests.contract, { texts: digests.texts, annexes: { [state]: digests.annex } });
}

/** How everything stands as one text: a waiting page is loaded again when it changes. */
const stateOf = ({ cases, evidence }: Pick<Application, 'cases' | 'evidence'>): string =>
  [
    ...cases.map(
      ({ state, status, document = '', correctedAt = '' }) => `${state} ${status} ${document} ${correctedAt}`,
    ),
    ...evidence.map(({ key, status }) => `${key} ${status}`),
  ].join('\n');

function titleOf(view: View, agreement: Agreement | undefined, service: string): string {
  const found: Service | undefined = agreement?.services[service];
  return agreement === undefined || found === undefined ? service : textOf(view, agreement, found.title);
}

export function ApplicationsPage({
  view,
  ctx,
  sent,
  drafts,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  sent: readonly Application[];
  drafts: readonly Draft[];
}) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.applications.title')} wide>
      <PageHeading>{say('portal.applications.title')}</PageHeading>
      {sent.length === 0 && drafts.length === 0 ? (
        <Empty icon="document" title={say('portal.applications.none')}>
          <p>{say('portal.applications.none.words')}</p>
          <ButtonLink href="/services">{say('portal.nav.services')}</ButtonLink>
        </Empty>
      ) : null}
      {drafts.length === 0 ? null : (
        <section>
          <h2>{say('portal.applications.drafts')}</h2>
          <Cards wide>
            {drafts.map((draft) => (
              <CardLink
                key={draft.id}
                href={`/drafts/${draft.id}`}
                title={titleOf(view, ctx.agreements.byContract(draft.contract), draft.service)}
              >
                <p class="cw-subtle">{say('portal.applications.begun', { date: view.date(draft.created) })}</p>
                <p class="cw-subtle cw-small">
                  {say('portal.draft.kept', { date: view.date(draft.expires.slice(0, 10)) })}
                </p>
              </CardLink>
            ))}
          </Cards>
        </section>
      )}
      {sent.length === 0 ? null : (
        <section>
          <h2>{say('portal.applications.sent')}</h2>
          <Cards wide>
            {sent.map((application) => (
              <CardLink
                key={application.id}
                href={`/applications/${application.id}`}
                title={titleOf(view, ctx.agreements.byContract(application.contract), application.service)}
              >
                <p class="cw-subtle">
                  {say('portal.applications.filed', { date: view.date(application.filedAt) })}
                  <br />
                  {say('portal.applications.reference')}{' '}
                  <strong class="cw-nowrap">{shortReference(application.id)}</strong>
                </p>
                <div class="cw-row cw-card-foot">
                  {application.cases.map((one) => (
                    <span key={one.state}>
                      {view.stateName(one.state)} <CaseTag view={view} one={one} />
                    </span>
                  ))}
                </div>
              </CardLink>
            ))}
          </Cards>
        </section>
      )}
    </Layout>
  );
}

const STATUS: Readonly<Record<ApplicationCase['status'], { tone: Tone; icon: IconName; words: TextId }>> = {
  sent: { tone: 'neutral', icon: 'mail', words: 'portal.case.sent' },
  received: { tone: 'info', icon: 'clock', words: 'portal.case.received' },
  accepted: { tone: 'info', icon: 'clock', words: 'portal.case.accepted' },
  decided: { tone: 'success', icon: 'check', words: 'portal.case.decided' },
  refused: { tone: 'danger', icon: 'alert', words: 'portal.case.refused' },
};

/** How one state's case stands: once decided, the outcome itself. */
function CaseTag({ view, one }: { view: View; one: ApplicationCase }) {
  if (one.decision !== undefined) return <OutcomeTag view={view} outcome={one.decision.payload.outcome} />;
  const { tone, icon, words } = STATUS[one.status];
  return (
    <Tag tone={tone} icon={icon}>
      {view.say(words)}
    </Tag>
  );
}

const TOGETHER = {
  waiting: { tone: 'info', words: 'portal.together.waiting' },
  granted: { tone: 'success', words: 'portal.together.granted' },
  partly: { tone: 'warning', words: 'portal.together.partly' },
  refused: { tone: 'danger', words: 'portal.together.refused' },
} as const;

/** Where decisions are joined, what they come to: no single one of them is the answer. */
function Together({ view, together }: { view: View; together: Joined | undefined }) {
  if (together === undefined) return null;
  const { tone, words } = TOGETHER[together];
  return (
    <Notification tone={tone} title={view.say('portal.together.title')}>
      <p>{view.say(words)}</p>
    </Notification>
  );
}

export function ApplicationPage({
  view,
  application,
  agreement,
  asDecided = () => agreement,
  decidedBy = () => agreement,
  sent,
}: {
  view: View;
  application: Application;
  agreement: Agreement | undefined;
  /** The agreement as it was when a state decided; as it is now without it. */
  asDecided?: (decision: Decision, state: string) => Agreement | undefined;
  /** The agreement that an open case is decided by: another than she filed under where its authority has moved it. */
  decidedBy?: (one: ApplicationCase) => Agreement | undefined;
  sent: boolean;
}) {
  const { say } = view;
  const { id, cases, evidence, filedAt } = application;
  const title = titleOf(view, agreement, application.service);
  const undecided = cases.some(({ status }) => status !== 'decided' && status !== 'refused');
  const together = togetherOf(agreement, application);
  const waiting = cases.some(({ status, decision, document, refusal }) => {
    if (status === 'refused' || refusal !== undefined) return false;
    // Where a refusal blocks, no document comes of what others granted.
    if (together === 'refused' && decision !== undefined) return false;
    return decision === undefined || (decision.payload.outcome !== 'refused' && document === undefined);
  });
  return (
    <Layout
      view={view}
      title={title}
      {...(sent ? {} : { back: '/applications' })}
      {...(waiting ? { refresh: REFRESH } : {})}
    >
      {sent ? (
        <>
          <Panel title={say('portal.sent.title')} words={say('portal.sent.words')} reference={shortReference(id)} />
          <h2>{say('portal.sent.next')}</h2>
          <p>{say('portal.sent.next.words')}</p>
          <h2>{title}</h2>
        </>
      ) : (
        <PageHeading caption={`${say('portal.applications.reference')} ${shortReference(id)}`}>{title}</PageHeading>
      )}
      <p>{say('portal.applications.filed', { date: view.date(filedAt) })}</p>
      <MandateLine view={view} mandate={application.sealed.payload.actor.mandate} />
      {waiting ? <div data-watch={`/applications/${id}/state`} data-known={stateOf(application)} /> : null}
      {undecided && evidence.some(({ status }) => status === 'unanswered') ? (
        <Notification title={say('portal.case.unanswered.title')}>
          <p>{say('portal.case.unanswered.words')}</p>
        </Notification>
      ) : null}
      {undecided ? <LateEvidence {...{ view, agreement, application }} /> : null}
      <Together view={view} together={together} />
      <h2>{say('portal.case.title')}</h2>
      {cases.map((one) => (
        <CasePiece
          key={one.state}
          view={view}
          application={application}
          agreement={one.decision === undefined ? decidedBy(one) : asDecided(one.decision.payload.decision, one.state)}
          asDecided={asDecided}
          one={one}
        />
      ))}
      {agreement === undefined || evidence.length === 0 ? null : (
        <>
          <h2>{say('portal.check.evidence', aboutSent(application.sealed.payload))}</h2>
          {evidence
            .filter(({ status }) => status !== 'late' || !undecided)
            .map((card) => (
              <EvidencePiece key={card.key} view={view} agreement={agreement} card={card} open={false} />
            ))}
        </>
      )}
      <p>
        <a href={`/access?application=${id}`}>{say('portal.case.access')}</a>
      </p>
      <p>
        <a href={`/applications/${id}/proofs`}>{say('portal.case.proofs')}</a>
      </p>
    </Layout>
  );
}

/** What came after she had applied without it: she looks at it, and adds it if it is about her. */
function LateEvidence({
  view,
  agreement,
  application: { id, evidence, sealed },
}: {
  view: View;
  agreement: Agreement | undefined;
  application: Application;
}) {
  const { say } = view;
  if (agreement === undefined) return null;
  return evidence
    .filter(({ status }) => status === 'late')
    .map((card) => (
      <EvidencePiece key={card.key} view={view} agreement={agreement} card={card}>
        <p>{say('portal.evidence.late.words')}</p>
        <Form view={view} action={`/applications/${id}/evidence`}>
          <input type="hidden" name="key" value={card.key} />
          <Button about={view.stateName(card.state)}>
            {say('portal.evidence.late.add', aboutSent(sealed.payload))}
          </Button>
        </Form>
      </EvidencePiece>
    ));
}

function CasePiece({
  view,
  application,
  agreement,
  asDecided,
  one,
}: {
  view: View;
  application: Application;
  agreement: Agreement | undefined;
  asDecided: (decision: Decision, state: string) => Agreement | undefined;
  one: ApplicationCase;
}) {
  const { say } = view;
  const decided = one.decision?.payload;
  const service = agreement?.services[application.service];
  const steps = [
    { title: say('portal.case.sent'), when: view.date(application.filedAt), done: true },
    {
      title: say('portal.case.accepted'),
      ...(one.acceptedAt === undefined ? {} : { when: view.date(one.acceptedAt) }),
      done: one.acceptedAt !== undefined,
      current: one.acceptedAt === undefined && one.status !== 'refused',
    },
    {
      title:
        decided === undefined
          ? say('portal.case.due', { date: view.date(dayOf(one.due, one.state)) })
          : say('portal.case.decided'),
      ...(one.decidedAt === undefined ? {} : { when: view.date(one.decidedAt) }),
      done: decided !== undefined,
      current: one.acceptedAt !== undefined && decided === undefined,
    },
  ];
  return (
    <article class="cw-piece" data-state={one.state} id={one.state}>
      <div class="cw-piece-head">
        <div>
          <h3>{view.stateName(one.state)}</h3>
          <p>{view.agencyName(one.agency)}</p>
        </div>
        <CaseTag view={view} one={one} />
      </div>
      <Moved {...{ view, agreement, one }} />
      {decided !== undefined && agreement !== undefined ? (
        <>
          <Verdict view={view} decision={decided.decision} state={one.state} />
          {one.document === undefined ? null : (
            <p>
              <ButtonLink href={`/documents/${one.document}`} kind="secondary">
                {say('portal.case.document')}
              </ButtonLink>
            </p>
          )}
          <Reasons folded view={view} agreement={agreement} service={service} decision={decided.decision} />
          <Corrected {...{ view, agreement, one }} />
          <Before {...{ view, application, asDecided, state: one.state }} />
          <Requests {...{ view, application, one }} />
          {service?.actions.correct?.request === undefined ? null : (
            <p>
              <a href={`/applications/${application.id}/correction/${one.state}`}>{say('portal.case.ask')}</a>
            </p>
          )}
        </>
      ) : null}
      {one.status === 'refused' && decided === undefined ? (
        <Notification tone="danger">
          <p>
            {say('portal.case.refused.words')} <span class="cw-code">{one.refusal}</span>
          </p>
        </Notification>
      ) : null}
      {decided === undefined ? (
        <Timeline steps={steps} />
      ) : (
        <Details summary={say('portal.case.steps')}>
          <Timeline steps={steps} />
        </Details>
      )}
    </article>
  );
}

/** That the authority decides by a newer version than the one she filed under. */
function Moved({ view, agreement, one }: { view: View; agreement: Agreement | undefined; one: ApplicationCase }) {
  if (one.movedAt === undefined || agreement === undefined) return null;
  return <p>{view.say('portal.case.moved', { date: view.date(one.movedAt), version: agreement.version })}</p>;
}

/** That the decision shown took the place of another one, and why. */
function Corrected({ view, agreement, one }: { view: View; agreement: Agreement; one: ApplicationCase }) {
  const { say } = view;
  const corrects = one.decision?.payload.corrects;
  if (corrects === undefined) return null;
  return (
    <Notification title={say('portal.case.corrected.title')}>
      <p>{say('portal.case.corrected.words', { date: view.date(one.correctedAt ?? one.due) })}</p>
      <p>{say('portal.case.corrected.why', { reason: corrects.reason })}</p>
      <p class="cw-subtle">{articleWords(view, agreement, corrects.article).title}</p>
    </Notification>
  );
}

/** The decisions that stood before, each as it was. */
function Before({
  view,
  application,
  asDecided,
  state,
}: {
  view: View;
  application: Application;
  asDecided: (decision: Decision, state: string) => Agreement | undefined;
  state: string;
}) {
  const { say } = view;
  return application.replaced
    .filter((one) => one.state === state)
    .map(({ decision: { payload }, document, replacedAt }) => {
      const agreement = asDecided(payload.decision, state);
      return (
        <Details key={payload.decidedAt} summary={say('portal.case.before.title', { date: view.date(replacedAt) })}>
          <Verdict view={view} decision={payload.decision} state={state} />
          {document === undefined ? null : (
            <p>
              <a href={`/documents/${document}`}>{say('portal.case.before.document')}</a>
            </p>
          )}
          {agreement === undefined ? null : (
            <Reasons
              view={view}
              agreement={agreement}
              service={agreement.services[application.service]}
              decision={payload.decision}
            />
          )}
        </Details>
      );
    });
}

/** What she asked to be put right, and what the authority said. */
function Requests({ view, application, one }: { view: View; application: Application; one: ApplicationCase }) {
  const { say } = view;
  return application.corrections
    .filter(({ state, status }) => state === one.state && status !== 'corrected')
    .map(({ transaction, status, askedAt, answeredAt, answer, code }) => (
      <Notification key={transaction} icon={status === 'declined' || status === 'refused' ? 'alert' : 'clock'}>
        <p>
          {status === 'declined' ? (
            say('portal.correction.declined', {
              date: view.date(answeredAt ?? askedAt),
              reason: answer?.payload.reason ?? '',
            })
          ) : status === 'refused' ? (
            <>
              {say('portal.correction.refused')} <span class="cw-code">{code}</span>
            </>
          ) : (
            say('portal.correction.open', { date: view.date(askedAt) })
          )}
        </p>
      </Notification>
    ));
}
