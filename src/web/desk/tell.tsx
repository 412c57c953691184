import { type Agreement, noticeStages, questionsState, readForm, type ThingState } from '../../agreements/index.ts';
import { type CaseFile, openCaseFile, sendNotice } from '../../cases/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import { page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { OfficerVisit } from '../http/visit.ts';
import { FormField, wrongFields } from '../portal/form-field.tsx';
import { textOf } from '../shown/agreement-words.ts';
import { Actions, Button, ErrorSummary, Form, Layout, PageHeading, type View, type WrongField } from '../ui/index.ts';

type NoticeStage = ReturnType<typeof noticeStages>[number];

/** An officer tells the authorities of other states of something that happened after the decision. */
export function addTell(pages: Pages): void {
  pages.officer.get('/desk/cases/:id/tell/:stage', async (visit) => {
    const { file, agreement, stage } = await placeOf(visit);
    return show(visit, file, agreement, stage, questionsState(agreement, stage.sends.asks, {}), []);
  });
  pages.officer.post('/desk/cases/:id/tell/:stage', async (visit) => {
    const { ctx, session, fields, view } = visit;
    const { file, agreement, stage } = await placeOf(visit);
    const form = Object.fromEntries(fields.names().map((name) => [name, fields.all(name)]));
    const given = readForm(questionsState(agreement, stage.sends.asks, {}), form);
    const again = questionsState(agreement, stage.sends.asks, given);
    try {
      const errors = await sendNotice(ctx, session, file.row.id, stage.name, given);
      if (Object.keys(errors).length === 0) return redirect(`/desk/cases/${file.row.id}?done=told`);
      return show(visit, file, agreement, stage, again, [], true);
    } catch (error) {
      if (!isFailure(error, 'NOTICE_TWICE', 'NOTICE_NOT_NOW')) throw error;
      const message = view.find(`error.${error.code}`) ?? error.code;
      return show(visit, file, agreement, stage, again, [{ field: '', message }], true);
    }
  });
}

async function placeOf({ ctx, session, params }: OfficerVisit) {
  const file = await openCaseFile(ctx, session, params.id ?? '');
  const agreement = ctx.agreements.byContract(file.contract);
  if (agreement === undefined) throw new Failure('NOTICE_NOT_NOW', {});
  const stage = noticeStages(agreement, file.row.service, 'officer').find(({ name }) => name === params.stage);
  if (stage === undefined || file.state.decision === undefined) throw new Failure('NOTICE_NOT_NOW', {});
  return { file, agreement, stage };
}

function show(
  visit: OfficerVisit,
  file: CaseFile,
  agreement: Agreement,
  stage: NoticeStage,
  asked: ThingState,
  own: readonly WrongField[],
  wrong = false,
) {
  const props = { view: visit.view, id: file.row.id, agreement, stage, asked, own, wrong };
  return page(<TellPage {...props} />, wrong ? 400 : 200);
}

export function TellPage({
  view,
  id,
  agreement,
  stage,
  asked,
  own,
  wrong,
}: {
  view: View;
  id: string;
  agreement: Agreement;
  stage: NoticeStage;
  asked: ThingState;
  own: readonly WrongField[];
  wrong: boolean;
}) {
  const { say } = view;
  const title = textOf(view, agreement, stage.title);
  const errors = [...own, ...wrongFields(view, agreement, asked.fields, wrong)];
  return (
    <Layout view={view} title={title} wrong={errors.length > 0} back={`/desk/cases/${id}`}>
      <ErrorSummary view={view} errors={errors} />
      <PageHeading lead={say('desk.tell.lead')}>{title}</PageHeading>
      <Form view={view} action={`/desk/cases/${id}/tell/${stage.name}`}>
        {asked.fields.map((one) => (
          <FormField
            key={one.field.name}
            view={view}
            agreement={agreement}
            asked={one}
            heading={false}
            error={errors.find(({ field }) => field === one.field.name)?.message}
          />
        ))}
        <Actions>
          <Button>{say('desk.tell.send')}</Button>
          <a href={`/desk/cases/${id}`}>{say('common.back')}</a>
        </Actions>
      </Form>
    </Layout>
  );
}
