import type { Agreement } from '../../agreements/index.ts';
import { shortReference } from '../../applications/index.ts';
import {
  type CaseFile,
  confirmCorrection,
  declineCorrection,
  openCaseFile,
  proposeCorrection,
} from '../../cases/index.ts';
import { may } from '../../identity/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { articleWords } from '../shown/agreement-words.ts';
import { EvidencePiece } from '../shown/evidence-piece.tsx';
import { Reasons, Verdict } from '../shown/explanation.tsx';
import {
  Button,
  Details,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  Radios,
  TextArea,
  type View,
  type WrongField,
} from '../ui/index.ts';

/** What an officer may be refused in words beside the form; anything else is a page of its own. */
const SHOWN = [
  'CORRECTION_ARTICLE',
  'CORRECTION_REASON_MISSING',
  'CORRECTION_PENDING',
  'CORRECTION_NONE',
  'CORRECTION_NOTHING',
  'CORRECTION_DISTINCT',
  'CASE_MOVED',
  'CASE_SAME_OFFICER',
  'CASE_TEXT_LONG',
  'CASE_UNDECIDED',
] as const;

const FIELDS: Readonly<Record<string, string>> = { CORRECTION_ARTICLE: 'article', CORRECTION_REASON_MISSING: 'reason' };

/** An obvious error in a decision is put right: one officer proposes it, another agrees, or it is declined. */
export function addCorrection(pages: Pages): void {
  pages.officer.get('/desk/cases/:id/correction', (visit) => show(visit));
  pages.officer.post('/desk/cases/:id/correction/propose', (visit) =>
    attempt(visit, 'correctionProposed', async ({ ctx, session, params, fields }) => {
      await proposeCorrection(ctx, session, params.id ?? '', {
        basis: Number(fields.one('basis')),
        reason: fields.one('reason'),
        article: fields.one('article'),
      });
      return 'correctionProposed';
    }),
  );
  pages.officer.post('/desk/cases/:id/correction/confirm', (visit) =>
    attempt(visit, 'confirm', async ({ ctx, session, params, fields }) => {
      const note = fields.one('note');
      const seen = { proposal: fields.one('proposal'), ...(note === '' ? {} : { note }) };
      return (await confirmCorrection(ctx, session, params.id ?? '', seen)) ? 'corrected' : 'confirmed';
    }),
  );
  pages.officer.post('/desk/cases/:id/correction/decline', (visit) =>
    attempt(visit, 'decline', async ({ ctx, session, params, fields }) => {
      const seen = { basis: Number(fields.one('basis')), reason: fields.one('reason') };
      await declineCorrection(ctx, session, params.id ?? '', seen);
      return 'correctionDeclined';
    }),
  );
}

async function attempt(visit: OfficerVisit, form: string, act: (visit: OfficerVisit) => Promise<string>) {
  try {
    return redirect(`/desk/cases/${visit.params.id ?? ''}?done=${await act(visit)}`);
  } catch (error) {
    if (!isFailure(error, ...SHOWN)) throw error;
    const message = visit.view.find(`error.${error.code}`, error.params) ?? error.code;
    const field = form === 'decline' && error.code === 'CORRECTION_REASON_MISSING' ? 'decline' : FIELDS[error.code];
    return show(visit, { field: field ?? '', message });
  }
}

async function show(visit: OfficerVisit, wrong?: WrongField) {
  const { ctx, view, session, params } = visit;
  const file = await openCaseFile(ctx, session, params.id ?? '');
  const agreement = ctx.agreements.byContract(file.contract);
  if (file.correctable === undefined || agreement === undefined) throw new Failure('CORRECTION_NOT_AGREED', {});
  const { agency, agreement: name, service } = file.row;
  const place = { agency, service: `${name}/${service}` };
  const shown = (
    <CorrectionPage
      view={view}
      file={file}
      correctable={file.correctable}
      agreement={agreement}
      officer={session.account.id}
      mayPropose={may(session, 'case.correct', place)}
      mayConfirm={may(session, 'case.confirm', place)}
      wrong={wrong}
    />
  );
  return page(shown, wrong === undefined ? 200 : 409);
}

interface CorrectionProps {
  view: View;
  file: CaseFile;
  correctable: NonNullable<CaseFile['correctable']>;
  agreement: Agreement;
  officer: string;
  mayPropose: boolean;
  mayConfirm: boolean;
  wrong?: WrongField | undefined;
}

export function CorrectionPage(props: CorrectionProps) {
  const { view, file, correctable, agreement, wrong } = props;
  const { say } = view;
  const { row, state } = file;
  const service = agreement.services[row.service];
  const decision = state.correction?.decision ?? correctable.now;
  return (
    <Layout
      view={view}
      title={say('desk.correction.title')}
      back={`/desk/cases/${row.id}`}
      wide
      wrong={wrong !== undefined}
    >
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [wrong]} />
      <PageHeading
        caption={say('desk.case.caption', { reference: shortReference(row.application) })}
        lead={say('desk.correction.lead')}
      >
        {say('desk.correction.title')}
      </PageHeading>
      <Asked {...props} />
      <div class="cw-sides cw-section">
        <section aria-labelledby="standing">
          <h2 id="standing">{say('desk.case.decision')}</h2>
          {state.decision === undefined ? null : (
            <>
              <Verdict view={view} decision={state.decision.payload.decision} state={view.state} />
              <Reasons
                view={view}
                agreement={agreement}
                service={service}
                decision={state.decision.payload.decision}
                folded
              />
            </>
          )}
        </section>
        <section aria-labelledby="now">
          <h2 id="now">{say(state.correction === undefined ? 'desk.correction.now' : 'desk.correction.proposed')}</h2>
          <Verdict view={view} decision={decision} state={view.state} />
          <Reasons view={view} agreement={agreement} service={service} decision={decision} folded />
          {state.correction === undefined ? <Propose {...props} /> : <Agree {...props} />}
          {state.correction === undefined && state.asked.length === 0 ? null : <Decline {...props} />}
        </section>
      </div>
    </Layout>
  );
}

/** What she says is wrong, and what registers answered anew. */
function Asked({ view, file, agreement }: CorrectionProps) {
  const { say } = view;
  return (
    <>
      {file.state.asked.map(({ request, at, transaction }) => (
        <Notification key={transaction} title={say('desk.correction.asked', { date: view.date(at) })}>
          <p>{request.payload.reason}</p>
        </Notification>
      ))}
      {file.state.renewed.length === 0 ? null : (
        <section aria-labelledby="renewed">
          <h2 id="renewed">{say('desk.correction.renewed')}</h2>
          {file.state.renewed.map((sealed) => {
            const { id, type, issuer } = sealed.payload;
            const key = `${type}/${issuer.state}`;
            const card = { key, type, state: issuer.state, agency: issuer.agency, status: 'received' as const };
            return <EvidencePiece key={id} view={view} agreement={agreement} card={{ ...card, evidence: sealed }} />;
          })}
        </section>
      )}
    </>
  );
}

function Propose({ view, file, correctable, agreement, mayPropose, wrong }: CorrectionProps) {
  const { say } = view;
  const { row, state } = file;
  if (!mayPropose) return null;
  if (!correctable.differs) return <p>{say('desk.correction.same')}</p>;
  if (correctable.now.outcome === 'undecided') return <p>{say('desk.decide.undecided')}</p>;
  const [only] = correctable.articles;
  return (
    <div class="cw-decide">
      <Form view={view} action={`/desk/cases/${row.id}/correction/propose`}>
        <input type="hidden" name="basis" value={String(state.basis)} />
        <Radios
          view={view}
          name="article"
          label={say('desk.correction.article')}
          value={correctable.articles.length === 1 ? only : undefined}
          error={wrong?.field === 'article' ? wrong.message : undefined}
          options={correctable.articles.map((id) => ({ value: id, label: articleWords(view, agreement, id).title }))}
        />
        <TextArea
          view={view}
          name="reason"
          label={say('desk.correction.reason')}
          hint={say('desk.correction.reason.hint')}
          error={wrong?.field === 'reason' ? wrong.message : undefined}
          rows={3}
        />
        <Button>{say('desk.correction.propose')}</Button>
      </Form>
    </div>
  );
}

function Agree({ view, file, correctable, agreement, officer, mayConfirm }: CorrectionProps) {
  const { say } = view;
  const { row, state } = file;
  const { correction } = state;
  if (correction === undefined) return null;
  const mine = [correction, ...correction.confirmations].some((one) => one.officer.id === officer);
  return (
    <div class="cw-decide">
      <p>
        {`${articleWords(view, agreement, correction.article).title}: ${correction.reason}`}
        <br />
        <span class="cw-subtle">
          {say('desk.case.confirmedBy', { officer: correction.officer.id, date: view.date(correction.at) })}
        </span>
      </p>
      <p>
        {say('desk.correction.others', {
          count: correction.confirmations.length,
          needed: correctable.othersNeeded,
        })}
      </p>
      {mine ? <p>{say('desk.correction.own')}</p> : null}
      {mayConfirm && !mine ? (
        <Form view={view} action={`/desk/cases/${row.id}/correction/confirm`}>
          <input type="hidden" name="proposal" value={correction.digest} />
          <TextArea view={view} name="note" label={say('desk.decide.note')} rows={2} />
          <Button>{say('desk.correction.confirm')}</Button>
        </Form>
      ) : null}
    </div>
  );
}

function Decline({ view, file, mayPropose, wrong }: CorrectionProps) {
  const { say } = view;
  const { row, state } = file;
  if (!mayPropose) return null;
  return (
    <Details summary={say('desk.correction.decline')} open={wrong?.field === 'decline'}>
      <Form view={view} action={`/desk/cases/${row.id}/correction/decline`}>
        <input type="hidden" name="basis" value={String(state.basis)} />
        <TextArea
          view={view}
          id="decline"
          name="reason"
          label={say('desk.correction.decline.reason')}
          hint={say('desk.correction.decline.hint')}
          error={wrong?.field === 'decline' ? wrong.message : undefined}
          rows={3}
        />
        <Button kind="secondary" danger>
          {say('desk.correction.decline.button')}
        </Button>
      </Form>
    </Details>
  );
}
