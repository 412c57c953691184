import type { Agreement } from '../../agreements/index.ts';
import { askCorrection, type CorrectionPlace, correctionPlace, renewEvidence } from '../../applications/index.ts';
import { isFailure } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { PersonVisit } from '../http/visit.ts';
import { EvidencePiece } from '../shown/evidence-piece.tsx';
import { Verdict } from '../shown/explanation.tsx';
import {
  Button,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  TextArea,
  type View,
  type WrongField,
} from '../ui/index.ts';

/** She holds a decision for wrong: she asks registers again, looks at what comes, and asks the authority to put it right. */
export function addCorrectionRequest(pages: Pages): void {
  pages.person.get('/applications/:id/correction/:state', (visit) => show(visit));
  pages.person.post('/applications/:id/correction/:state/renew', async ({ ctx, actor, params, fields }) => {
    const { id = '', state = '' } = params;
    await renewEvidence(ctx, actor, id, state, fields.one('key'));
    return redirect(`/applications/${id}/correction/${state}`);
  });
  pages.person.post('/applications/:id/correction/:state', async (visit) => {
    const { ctx, actor, params, fields, view } = visit;
    const { id = '', state = '' } = params;
    const reason = fields.one('reason');
    try {
      await askCorrection(ctx, actor, id, state, { reason, keys: fields.all('key').filter((key) => key !== '') });
      return redirect(`/applications/${id}#${state}`);
    } catch (error) {
      if (!isFailure(error, 'CORRECTION_WORDS_MISSING', 'CORRECTION_WORDS_LONG', 'CORRECTION_ASKED')) throw error;
      const message = view.find(`error.${error.code}`, error.params) ?? error.code;
      return show(visit, { field: error.code === 'CORRECTION_ASKED' ? '' : 'reason', message }, reason);
    }
  });
}

async function show(visit: PersonVisit, wrong?: WrongField, typed = '') {
  const { ctx, view, actor, params } = visit;
  const { id = '', state = '' } = params;
  const place = await correctionPlace(ctx, actor, id, state);
  return page(
    <CorrectionRequestPage view={view} id={id} place={place} wrong={wrong} typed={typed} />,
    wrong === undefined ? 200 : 409,
  );
}

interface RequestProps {
  view: View;
  id: string;
  place: CorrectionPlace;
  wrong?: WrongField | undefined;
  typed?: string;
}

export function CorrectionRequestPage({ view, id, place, wrong, typed = '' }: RequestProps) {
  const { say } = view;
  const { one, agreement, records, requests } = place;
  const open = requests.find(({ status }) => status === 'sent' || status === 'accepted');
  const title = say('portal.correction.title');
  const action = `/applications/${id}/correction/${one.state}`;
  return (
    <Layout view={view} title={title} back={`/applications/${id}`} wrong={wrong !== undefined}>
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [wrong]} />
      <PageHeading caption={view.agencyName(one.agency)} lead={say('portal.correction.lead')}>
        {title}
      </PageHeading>
      {one.decision === undefined ? null : (
        <Verdict view={view} decision={one.decision.payload.decision} state={one.state} />
      )}
      {open === undefined ? (
        <>
          <h2>{say('portal.correction.records')}</h2>
          <p>{say('portal.correction.records.words')}</p>
          {records.map((record) => (
            <Renewal key={record.key} {...{ view, agreement, record, action }} />
          ))}
          <Form view={view} action={action}>
            {records
              .filter(({ renewed }) => renewed?.status === 'received')
              .map(({ key, state, agency }) => (
                <div key={key} class="cw-choice">
                  <input class="ds-input" type="checkbox" id={`with-${key}`} name="key" value={key} />
                  <label for={`with-${key}`}>
                    {`${say('portal.correction.sendAlong')}: ${view.stateName(state)}, ${view.agencyName(agency)}`}
                  </label>
                </div>
              ))}
            <TextArea
              view={view}
              name="reason"
              label={say('portal.correction.reason')}
              hint={say('portal.correction.reason.hint')}
              error={wrong?.field === 'reason' ? wrong.message : undefined}
              value={typed}
              rows={4}
            />
            <Button>{say('portal.correction.send')}</Button>
          </Form>
        </>
      ) : (
        <Notification icon="clock">
          <p>{say('portal.correction.open', { date: view.date(open.askedAt) })}</p>
          <p>{open.reason}</p>
        </Notification>
      )}
    </Layout>
  );
}

/** One record that the decision rests on: asked again, and what came. */
function Renewal({
  view,
  agreement,
  record: { key, type, state, agency, renewed },
  action,
}: {
  view: View;
  agreement: Agreement;
  record: CorrectionPlace['records'][number];
  action: string;
}) {
  const again = (
    <Form view={view} action={`${action}/renew`}>
      <input type="hidden" name="key" value={key} />
      <Button kind="secondary" about={view.stateName(state)}>
        {view.say('portal.correction.askAgain')}
      </Button>
    </Form>
  );
  const card = renewed ?? { key, type, state, agency, status: 'waived' as const };
  if (renewed === undefined) {
    return (
      <article class="cw-piece" data-state={state}>
        <div class="cw-piece-head">
          <div>
            <h3>{`${view.stateName(state)}: ${agreement.text(view.language, agreement.evidence[type]?.title ?? type)}`}</h3>
            <p>{view.agencyName(agency)}</p>
          </div>
        </div>
        {again}
      </article>
    );
  }
  return (
    <EvidencePiece view={view} agreement={agreement} card={card}>
      {renewed.status === 'asked' ? null : again}
    </EvidencePiece>
  );
}
