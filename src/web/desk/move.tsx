import { shortReference } from '../../applications/index.ts';
import { type CaseFile, moveCase, openCaseFile, type PreviewedMove, previewMove } from '../../cases/index.ts';
import { isFailure } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { Verdict } from '../shown/explanation.tsx';
import {
  Button,
  ErrorSummary,
  Form,
  Layout,
  Notification,
  PageHeading,
  SummaryList,
  TextArea,
  type View,
  type WrongField,
} from '../ui/index.ts';

/** An officer moves a case to a newer version of its agreement, after he has seen what that changes. */
export function addMove(pages: Pages): void {
  pages.officer.get('/desk/cases/:id/move', (visit) => show(visit));
  pages.officer.post('/desk/cases/:id/move', async (visit) => {
    const { ctx, session, params, fields, view } = visit;
    const id = params.id ?? '';
    try {
      await moveCase(ctx, session, id, {
        to: fields.one('to'),
        basis: Number(fields.one('basis')),
        reason: fields.one('reason'),
      });
      return redirect(`/desk/cases/${id}?done=moved`);
    } catch (error) {
      if (!isFailure(error, 'MOVE_REASON_MISSING', 'MOVE_REFUSED', 'MOVE_NO_NEWER', 'CASE_MOVED', 'CASE_TEXT_LONG')) {
        throw error;
      }
      const message = view.find(`error.${error.code}`, error.params) ?? error.code;
      return show(visit, { field: error.code === 'MOVE_REASON_MISSING' ? 'reason' : '', message });
    }
  });
}

async function show(visit: OfficerVisit, wrong?: WrongField) {
  const { ctx, view, session, params } = visit;
  const id = params.id ?? '';
  const file = await openCaseFile(ctx, session, id);
  const move = await previewMove(ctx, session, id);
  return page(<MovePage view={view} file={file} move={move} wrong={wrong} />, wrong === undefined ? 200 : 409);
}

export function MovePage({
  view,
  file: { row },
  move,
  wrong,
}: {
  view: View;
  file: Pick<CaseFile, 'row'>;
  move: PreviewedMove | undefined;
  wrong?: WrongField | undefined;
}) {
  const { say } = view;
  const title = say('desk.move.title');
  return (
    <Layout view={view} title={title} back={`/desk/cases/${row.id}`} wide wrong={wrong !== undefined}>
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [wrong]} />
      <PageHeading
        caption={say('desk.case.caption', { reference: shortReference(row.application) })}
        lead={say('desk.move.lead')}
      >
        {title}
      </PageHeading>
      {move === undefined ? <p>{say('desk.move.none')}</p> : <Meaning view={view} move={move} />}
      {move === undefined || move.obstacles.length > 0 ? null : (
        <Form view={view} action={`/desk/cases/${row.id}/move`}>
          <input type="hidden" name="to" value={move.to.contract} />
          <input type="hidden" name="basis" value={String(move.basis)} />
          <TextArea
            view={view}
            name="reason"
            label={say('desk.move.reason')}
            hint={say('desk.correction.reason.hint')}
            error={wrong?.field === 'reason' ? wrong.message : undefined}
            rows={3}
          />
          <Button>{say('desk.move.button')}</Button>
        </Form>
      )}
    </Layout>
  );
}

/** What changes, what the rules make of it, and what stands in the way. */
function Meaning({ view, move }: { view: View; move: PreviewedMove }) {
  const { say } = view;
  return (
    <>
      <SummaryList
        rows={[
          {
            key: say('desk.move.versions'),
            value: say('desk.move.fromTo', { from: move.from.version, to: move.to.version }),
          },
          {
            key: say('desk.move.changes'),
            value: (
              <ul>
                {move.changes.map(({ kind, what, state, moving }) => (
                  <li key={`${kind} ${what} ${state}`}>
                    {state === undefined ? '' : `${view.stateName(state)}: `}
                    {say(`agreement.change.${kind}`, { what })}{' '}
                    <span class="cw-subtle">{`(${say(`agreement.moving.${moving}`)})`}</span>
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
      {move.obstacles.length === 0 ? null : (
        <Notification tone="warning" title={say('desk.move.cannot')}>
          <ul>
            {move.obstacles.map((one) => (
              <li key={one}>{say(`desk.move.why.${one}`)}</li>
            ))}
          </ul>
        </Notification>
      )}
      <div class="cw-sides cw-section">
        {move.before === undefined ? null : (
          <section aria-labelledby="before">
            <h2 id="before">{say('desk.move.before')}</h2>
            <Verdict view={view} decision={move.before} state={view.state} />
          </section>
        )}
        {move.after === undefined ? null : (
          <section aria-labelledby="after">
            <h2 id="after">{say('desk.move.after')}</h2>
            <Verdict view={view} decision={move.after} state={view.state} />
          </section>
        )}
      </div>
    </>
  );
}
