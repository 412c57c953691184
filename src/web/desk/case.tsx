import { type Agreement, noticeStages } from '../../agreements/index.ts';
import { shortReference } from '../../applications/index.ts';
import {
  type CaseAction,
  type CaseFile,
  confirmCase,
  openCaseFile,
  returnCase,
  waitsForOpinions,
} from '../../cases/index.ts';
import { may, type OfficerAccount } from '../../identity/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { textOf } from '../shown/agreement-words.ts';
import { AnswerValue } from '../shown/answer-value.tsx';
import { EvidencePiece } from '../shown/evidence-piece.tsx';
import { Reasons, Verdict } from '../shown/explanation.tsx';
import { FileTag } from '../shown/file-tag.tsx';
import { MandateLine } from '../shown/mandate.tsx';
import {
  Button,
  Details,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  SummaryList,
  TextArea,
  Timeline,
  type View,
} from '../ui/index.ts';
import { addColleagues, Colleagues, colleaguesOf, type Wrong, workerOf } from './colleagues.tsx';
import { OpinionTag } from './opinions.tsx';
import { Due, serviceTitle } from './queue.tsx';

/** A case: evidence beside the proposed decision, and what the officer does with it. */
export function addCase(pages: Pages): void {
  pages.officer.get('/desk/cases/:id', (visit) => show(visit));
  pages.officer.post('/desk/cases/:id/confirm', async (visit) => {
    const { ctx, session, params, fields } = visit;
    const note = fields.one('note');
    const seen = {
      proposal: fields.one('proposal'),
      basis: Number(fields.one('basis')),
      ...(note === '' ? {} : { note }),
    };
    const id = params.id ?? '';
    try {
      const phase = await confirmCase(ctx, session, id, seen);
      return redirect(`/desk/cases/${id}?done=${phase === 'decided' ? 'decided' : 'confirmed'}`);
    } catch (error) {
      if (
        !isFailure(
          error,
          'CASE_WAITING',
          'CASE_MOVED',
          'CASE_SAME_OFFICER',
          'CASE_NOT_OPEN',
          'CASE_UNDECIDED',
          'CASE_TEXT_LONG',
        )
      )
        throw error;
      return show(visit, { field: '', message: visit.view.find(`error.${error.code}`, error.params) ?? error.code });
    }
  });
  pages.officer.post('/desk/cases/:id/return', async (visit) => {
    const { ctx, session, params, fields, view } = visit;
    const id = params.id ?? '';
    const reason = fields.one('reason');
    if (reason === '') return show(visit, { field: 'reason', message: view.say('error.CASE_REASON_MISSING') });
    try {
      await returnCase(ctx, session, id, reason);
    } catch (error) {
      if (!isFailure(error, 'CASE_NOT_OPEN', 'CASE_TEXT_LONG')) throw error;
      return show(visit, {
        field: 'reason',
        message: visit.view.find(`error.${error.code}`, error.params) ?? error.code,
      });
    }
    return redirect(`/desk/cases/${id}?done=returned`);
  });
  addColleagues(pages, show);
}

async function show(visit: OfficerVisit, wrong?: Wrong) {
  const { ctx, view, session, params, query } = visit;
  const file = await openCaseFile(ctx, session, params.id ?? '');
  const { agency, agreement: name, service } = file.row;
  const place = { agency, service: `${name}/${service}` };
  const colleagues = await colleaguesOf(ctx, file);
  const shown = (
    <CasePage
      view={view}
      file={file}
      title={serviceTitle(view, ctx, file.row)}
      agreement={shownAgreement(ctx, file)}
      officer={session.account.id}
      now={ctx.clock.now()}
      mayConfirm={may(session, 'case.confirm', place)}
      mayReturn={may(session, 'case.return', place)}
      mayMove={may(session, 'case.move', place) && isNewer(ctx, file)}
      mayAssign={may(session, 'case.assign', place)}
      colleagues={colleagues}
      done={query.done}
      wrong={wrong}
    />
  );
  return page(shown, wrong === undefined ? 200 : 409);
}

/** Whether another contract than that of a case under examination runs: what it would change is looked at on its own page. */
function isNewer({ agreements }: OfficerVisit['ctx'], { row, contract, state }: CaseFile): boolean {
  const running = agreements.newest(row.agreement)?.contractDigest;
  return state.phase === 'inProgress' && running !== undefined && running !== contract;
}

/** What the case was filed under, in today's words; once it is decided, in those of the decision. */
function shownAgreement({ agreements, trust }: OfficerVisit['ctx'], { row, contract, annex, state }: CaseFile) {
  const texts = state.decision?.payload.decision.digests.texts;
  return agreements.byContract(contract, {
    annexes: { [trust.self]: annex },
    on: row.filedOn,
    ...(texts === undefined ? {} : { texts }),
  });
}

const DONE: Readonly<Record<string, TextId>> = {
  confirmed: 'desk.done.confirmed',
  decided: 'desk.done.decided',
  returned: 'desk.done.returned',
  told: 'desk.done.told',
  correctionProposed: 'desk.done.correctionProposed',
  corrected: 'desk.done.corrected',
  correctionDeclined: 'desk.done.correctionDeclined',
  moved: 'desk.done.moved',
  assigned: 'desk.done.assigned',
  noted: 'desk.done.noted',
};

interface CasePageProps {
  view: View;
  file: CaseFile;
  title: string;
  agreement: Agreement | undefined;
  officer: string;
  now: string;
  mayConfirm: boolean;
  mayReturn: boolean;
  /** A newer contract runs, and he may move the case to it. */
  mayMove?: boolean;
  mayAssign?: boolean;
  /** Officers who may read it. */
  colleagues?: readonly OfficerAccount[];
  done?: string | undefined;
  wrong?: Wrong | undefined;
}

export function CasePage({
  view,
  file,
  title,
  agreement,
  officer,
  now,
  mayConfirm,
  mayReturn,
  mayMove = false,
  mayAssign = false,
  colleagues = [],
  done,
  wrong,
}: CasePageProps) {
  const { say } = view;
  const { row, state } = file;
  const finished = done !== undefined && Object.hasOwn(DONE, done) ? DONE[done] : undefined;
  const decision = state.decision?.payload.decision ?? state.proposal?.decision;
  const service = agreement?.services[row.service];
  return (
    <Layout
      view={view}
      title={`${shortReference(row.application)} ${title}`}
      back="/desk"
      wide
      wrong={wrong !== undefined}
    >
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [wrong]} />
      {finished === undefined ? null : (
        <Notification tone="success" alive>
          <p>{say(finished)}</p>
        </Notification>
      )}
      <PageHeading caption={say('desk.case.caption', { reference: shortReference(row.application) })}>
        {title}
      </PageHeading>
      <div class="cw-row cw-subtle">
        <span>{say('desk.case.from', { state: view.stateName(row.home) })}</span>
        <span>{say('desk.case.filed', { date: view.date(row.filedOn) })}</span>
        <span>
          {say('desk.case.due')} <Due view={view} due={row.due} now={now} />
        </span>
        {agreement === undefined ? null : <span>{say('desk.case.version', { version: agreement.version })}</span>}
        <a href="#colleagues">{`${say('desk.assign.title')}: ${workerOf(view, state.assignee, { officer, colleagues })}`}</a>
        {mayMove ? <a href={`/desk/cases/${row.id}/move`}>{say('desk.move.title')}</a> : null}
      </div>
      <MandateLine view={view} mandate={state.application?.payload.actor.mandate} />
      {state.returned === undefined || state.phase === 'decided' ? null : (
        <Notification tone="warning" title={say('desk.case.returned')}>
          <p>{state.returned.reason}</p>
        </Notification>
      )}
      <div class="cw-sides cw-section">
        <section aria-labelledby="evidence">
          <h2 id="evidence">{say('desk.case.evidence')}</h2>
          {agreement === undefined ? null : <EvidenceList view={view} agreement={agreement} file={file} />}
          {agreement === undefined ? null : <Files view={view} agreement={agreement} file={file} />}
          {agreement === undefined ? null : <Answers view={view} agreement={agreement} file={file} />}
        </section>
        <section aria-labelledby="decision">
          <h2 id="decision">{say(state.phase === 'decided' ? 'desk.case.decision' : 'desk.case.proposal')}</h2>
          {decision === undefined || agreement === undefined ? (
            <p>{say('desk.case.noProposal')}</p>
          ) : (
            <>
              <Verdict view={view} decision={decision} state={view.state} />
              <Opinions view={view} agreement={agreement} file={file} />
              <Confirmations view={view} file={file} />
              {state.phase === 'decided' ? null : (
                <Decide
                  {...{ view, file, officer, mayConfirm, mayReturn, wrong }}
                  undecided={decision.outcome === 'undecided'}
                />
              )}
              <div class="cw-section">
                <Reasons view={view} agreement={agreement} service={service} decision={decision} />
              </div>
            </>
          )}
        </section>
      </div>
      <Corrections view={view} file={file} />
      {agreement === undefined || state.decision === undefined ? null : (
        <Told view={view} agreement={agreement} file={file} mayTell={mayConfirm} />
      )}
      <Colleagues {...{ view, file, officer, colleagues, mayAssign, wrong }} />
      <section class="cw-section">
        <Details summary={say('desk.case.log')}>
          <Timeline
            steps={file.actions.map((action) => ({
              title: actionWords(view, action),
              when: `${view.date(action.at)} · ${action.actor.kind === 'officer' ? action.actor.id : say('desk.actor.machine')}`,
              done: true,
            }))}
          />
        </Details>
      </section>
    </Layout>
  );
}

const VERBS: Readonly<Record<CaseAction['verb'], TextId>> = {
  open: 'desk.verb.open',
  supplement: 'desk.verb.supplement',
  propose: 'desk.verb.propose',
  confirm: 'desk.verb.confirm',
  return: 'desk.verb.return',
  escalate: 'desk.verb.escalate',
  decide: 'desk.verb.decide',
  request: 'desk.verb.request',
  opinion: 'desk.verb.opinion',
  notify: 'desk.verb.notify',
  join: 'desk.verb.join',
  askCorrection: 'desk.verb.askCorrection',
  proposeCorrection: 'desk.verb.proposeCorrection',
  confirmCorrection: 'desk.verb.confirmCorrection',
  declineCorrection: 'desk.verb.declineCorrection',
  correct: 'desk.verb.correct',
  move: 'desk.verb.move',
  assign: 'desk.verb.assign',
  note: 'desk.verb.note',
};

function actionWords(view: View, action: CaseAction): string {
  const bySilence = action.verb === 'decide' && action.actor.kind === 'timer';
  const words = view.say(bySilence ? 'desk.verb.decideBySilence' : VERBS[action.verb]);
  if (action.verb === 'join' && action.payload.joined === 'refused') return view.say('desk.verb.join.blocked');
  if (action.verb === 'opinion' && action.payload.without !== undefined) {
    return view.say(`desk.verb.opinion.${action.payload.without}`);
  }
  if (action.verb === 'assign' && action.payload.to === undefined) return view.say('desk.verb.assign.back');
  const said = saidIn(action);
  return said === undefined ? words : `${words}: ${said}`;
}

/** What a person said with an action. */
function saidIn(action: CaseAction): string | undefined {
  switch (action.verb) {
    case 'return':
    case 'proposeCorrection':
    case 'declineCorrection':
    case 'move':
      return action.payload.reason;
    case 'askCorrection':
      return action.payload.request.payload.reason;
    case 'confirm':
    case 'confirmCorrection':
      return action.payload.note;
    case 'note':
      return action.payload.text;
    case 'assign':
      return action.payload.to;
    default:
      return undefined;
  }
}

function EvidenceList({ view, agreement, file }: { view: View; agreement: Agreement; file: CaseFile }) {
  return (
    <>
      {file.state.evidence.map((sealed) => {
        const { id, type, issuer } = sealed.payload;
        const card = {
          key: `${type}/${issuer.state}`,
          type,
          state: issuer.state,
          agency: issuer.agency,
          status: 'received' as const,
        };
        return <EvidencePiece key={id} view={view} agreement={agreement} card={{ ...card, evidence: sealed }} />;
      })}
    </>
  );
}

/** What she stated herself, as her home node sealed it. */
function Answers({ view, agreement, file }: { view: View; agreement: Agreement; file: CaseFile }) {
  const answers = file.state.application?.payload.answers ?? {};
  const fields = agreement.services[file.row.service]?.fields ?? {};
  const rows = Object.entries(answers).flatMap(([name, value]) => {
    const field = fields[name];
    return field === undefined
      ? []
      : [
          {
            key: textOf(view, agreement, field.text),
            value: <AnswerValue {...{ view, agreement, field, value }} />,
          },
        ];
  });
  return (
    <Details summary={view.say('desk.case.answers')}>
      <SummaryList tight rows={rows} />
    </Details>
  );
}

/** Whom the case asked for an opinion, and how that stands: as long as one is waited for, nobody confirms. */
function Opinions({ view, agreement, file }: { view: View; agreement: Agreement; file: CaseFile }) {
  const { opinions, phase } = file.state;
  if (opinions.length === 0) return null;
  const { say } = view;
  return (
    <>
      <h3>{say('desk.case.opinions')}</h3>
      {phase !== 'decided' && waitsForOpinions(file.state) ? <p>{say('desk.case.opinions.wait')}</p> : null}
      <SummaryList
        tight
        rows={opinions.map(({ key, type, state, agency, status }) => ({
          key: `${textOf(view, agreement, agreement.evidence[type]?.title ?? type)} · ${view.stateName(state)}`,
          value: (
            <span key={key} class="cw-row">
              {view.agencyName(agency)} <OpinionTag view={view} status={status === 'refused' ? 'declined' : status} />
            </span>
          ),
        }))}
      />
    </>
  );
}

/** Decisions that were put right, what waits to be, and the way there. */
function Corrections({ view, file }: { view: View; file: CaseFile }) {
  const { say } = view;
  const { replaced, asked, correction } = file.state;
  if (file.correctable === undefined) return null;
  return (
    <section class="cw-section" aria-labelledby="correction">
      <h2 id="correction">{say('desk.correction.title')}</h2>
      {asked.map(({ request, at, transaction }) => (
        <Notification key={transaction} tone="warning" title={say('desk.correction.asked', { date: view.date(at) })}>
          <p>{request.payload.reason}</p>
        </Notification>
      ))}
      {correction === undefined ? null : (
        <Notification tone="warning" title={say('desk.correction.proposed')}>
          <p>{correction.reason}</p>
        </Notification>
      )}
      {replaced.length === 0 ? null : (
        <>
          <h3>{say('desk.correction.replaced')}</h3>
          {replaced.map(({ decision: { payload }, at }) => (
            <div key={payload.decidedAt}>
              <Verdict view={view} decision={payload.decision} state={view.state} />
              <p class="cw-subtle">
                {say('desk.correction.stood', { from: view.date(payload.decidedAt), until: view.date(at) })}
              </p>
            </div>
          ))}
        </>
      )}
      <p>
        <a href={`/desk/cases/${file.row.id}/correction`}>{say('desk.correction.title')}</a>
      </p>
    </section>
  );
}

/** What other authorities were told after the decision, and what an officer can tell them. */
function Told({
  view,
  agreement,
  file,
  mayTell,
}: {
  view: View;
  agreement: Agreement;
  file: CaseFile;
  mayTell: boolean;
}) {
  const { say } = view;
  const { stages = [] } = agreement.services[file.row.service] ?? {};
  const titleOf = (name: string) => {
    const stage = stages.find((one) => one.name === name);
    return stage === undefined ? name : textOf(view, agreement, stage.title);
  };
  const own = mayTell ? noticeStages(agreement, file.row.service, 'officer') : [];
  if (file.state.told.length === 0 && own.length === 0) return null;
  return (
    <section class="cw-section" aria-labelledby="told">
      <h2 id="told">{say('desk.case.told')}</h2>
      <SummaryList
        tight
        rows={file.state.told.map(({ stage, to, at }) => ({
          key: `${titleOf(stage)} · ${view.shortDate(at)}`,
          value: view.list(to.map(view.stateName)),
        }))}
      />
      {own.length === 0 ? null : (
        <>
          <h3>{say('desk.case.tell')}</h3>
          <ul>
            {own.map(({ name }) => (
              <li key={name}>
                <a href={`/desk/cases/${file.row.id}/tell/${name}`}>{titleOf(name)}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** What she sent along: to be opened once this node's own scanner has let it through. */
function Files({ view, agreement, file }: { view: View; agreement: Agreement; file: CaseFile }) {
  if (file.files.length === 0) return null;
  const fields = agreement.services[file.row.service]?.fields ?? {};
  return (
    <>
      <h3>{view.say('desk.case.files')}</h3>
      <p class="cw-subtle">{view.say('desk.case.files.words')}</p>
      <SummaryList
        tight
        rows={file.files.map(({ field: place, digest, name, status }) => {
          const [head = '', part = ''] = place.split('.');
          const field = fields[head]?.list?.fields[part] ?? fields[head];
          return {
            key: field === undefined ? place : textOf(view, agreement, field.text),
            value: (
              <>
                {status === 'clean' ? <a href={`/desk/cases/${file.row.id}/files/${digest}`}>{name}</a> : name}{' '}
                <FileTag view={view} status={status} />
              </>
            ),
          };
        })}
      />
    </>
  );
}

function Confirmations({ view, file }: { view: View; file: CaseFile }) {
  const { say } = view;
  const { confirmations } = file.state;
  return (
    <>
      <p>{say('desk.case.confirmed', { count: confirmations.length, needed: file.confirmationsNeeded })}</p>
      {confirmations.length === 0 ? null : (
        <ul>
          {confirmations.map(({ officer, at, note }) => (
            <li key={officer.id}>
              {say('desk.case.confirmedBy', { officer: officer.id, date: view.date(at) })}
              {note === undefined ? '' : `: ${note}`}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Confirm what he sees, or send it back with a reason. Who has confirmed may not do it again: another must. */
function Decide({
  view,
  file,
  officer,
  mayConfirm,
  mayReturn,
  wrong,
  undecided,
}: Pick<CasePageProps, 'view' | 'file' | 'officer' | 'mayConfirm' | 'mayReturn' | 'wrong'> & { undecided: boolean }) {
  const { say } = view;
  const { row, state } = file;
  const mine = state.confirmations.some((one) => one.officer.id === officer);
  return (
    <div class="cw-decide">
      {undecided ? <p>{say('desk.decide.undecided')}</p> : null}
      {mine ? <p>{say('desk.decide.another')}</p> : null}
      {mayConfirm && !mine && !undecided && !waitsForOpinions(state) ? (
        <Form view={view} action={`/desk/cases/${row.id}/confirm`}>
          <input type="hidden" name="proposal" value={state.proposal?.digest ?? ''} />
          <input type="hidden" name="basis" value={String(state.basis)} />
          <TextArea view={view} name="note" label={say('desk.decide.note')} rows={2} />
          <Button>{say('desk.decide.confirm')}</Button>
        </Form>
      ) : null}
      {mayReturn ? (
        <Details summary={say('desk.decide.return')} open={wrong?.field === 'reason'}>
          <Form view={view} action={`/desk/cases/${row.id}/return`}>
            <TextArea
              view={view}
              name="reason"
              label={say('desk.decide.reason')}
              hint={say('desk.decide.reason.hint')}
              error={wrong?.field === 'reason' ? wrong.message : undefined}
              rows={3}
            />
            <Button kind="secondary" danger>
              {say('desk.decide.return.button')}
            </Button>
          </Form>
        </Details>
      ) : null}
    </div>
  );
}
