import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import {
  type Disclosure,
  type DraftFile,
  disclosures,
  draftFiles,
  rememberPage,
  submit,
} from '../../applications/index.ts';
import { isFailure } from '../../storage/index.ts';
import { type Answer, page, redirect } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { PersonVisit } from '../http/visit.ts';
import { aboutDraft } from '../shown/about.ts';
import { groundWords, textOf } from '../shown/agreement-words.ts';
import { AnswerValue } from '../shown/answer-value.tsx';
import { EvidencePiece } from '../shown/evidence-piece.tsx';
import { FileTag } from '../shown/file-tag.tsx';
import { DraftMandate } from '../shown/mandate.tsx';
import { Actions, Button, ErrorSummary, Form, Layout, PageHeading, SummaryList, type View } from '../ui/index.ts';
import { captionOf, nextStep, type OpenedDraft, openSteps } from './draft-steps.ts';

/** Check your answers, see who receives what, send. */
export function addDraftCheck(pages: Pages): void {
  pages.person.get('/drafts/:id/check', (visit) => show(visit));
  pages.person.post('/drafts/:id/check', async (visit) => {
    const { ctx, actor, params, fields, view } = visit;
    try {
      const id = await submit(ctx, actor, params.id ?? '', fields.one('page'));
      return redirect(`/applications/${id}?sent=1`);
    } catch (error) {
      if (!isFailure(error, 'DRAFT_CHANGED', 'FILE_QUARANTINED', 'FILE_REFUSED')) throw error;
      return show(visit, view.find(`error.${error.code}`, error.params) ?? error.code);
    }
  });
}

async function show(visit: PersonVisit, wrong?: string): Promise<Answer> {
  const { ctx, actor, view } = visit;
  const draft = await openSteps(visit);
  const { opened, steps, cards } = draft;
  if (opened.draft.submitted) return redirect(`/applications/${opened.draft.id}`);
  const open = nextStep(steps);
  if (open !== undefined && open.name !== 'check') return redirect(open.href);
  const body = <CheckBody view={view} draft={draft} receivers={disclosures(ctx, opened, cards)} />;
  const files = await draftFiles(ctx, ctx.db, opened);
  // What she is about to send is kept exactly as she sees it; the form carries its digest back.
  const digest = await rememberPage(ctx, actor, opened.draft.id, renderToString(body));
  const props = { view, draft, digest, wrong, files, caption: captionOf(visit, steps, 'check') };
  return page(<CheckPage {...props}>{body}</CheckPage>, wrong === undefined ? 200 : 409);
}

export function CheckPage({
  view,
  draft,
  digest,
  caption,
  wrong,
  files,
  children,
}: {
  view: View;
  draft: OpenedDraft;
  digest: string;
  caption: string;
  wrong?: string | undefined;
  /** Where each file stands on its way through quarantine: it changes by itself, so it is no part of what she seals. */
  files: readonly DraftFile[];
  children: ComponentChildren;
}) {
  const { say } = view;
  const { draft: row } = draft.opened;
  return (
    <Layout
      view={view}
      title={say('portal.check.title')}
      back={`/drafts/${row.id}/forecast`}
      wrong={wrong !== undefined}
    >
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [{ field: '', message: wrong }]} />
      <PageHeading caption={caption} lead={say('portal.check.lead')}>
        {say('portal.check.title')}
      </PageHeading>
      {children}
      {files.length === 0 ? null : (
        <>
          <h2>{say('portal.check.files')}</h2>
          <SummaryList
            tight
            rows={files.map(({ field, digest, name, status }) => ({
              key: name,
              value: <FileTag key={`${field} ${digest}`} view={view} status={status} />,
            }))}
          />
        </>
      )}
      <Form view={view} action={`/drafts/${row.id}/check`}>
        <input type="hidden" name="page" value={digest} />
        <h2>{say('portal.check.send.title')}</h2>
        <p>{say('portal.check.send.words')}</p>
        <Actions>
          <Button big>{say('portal.check.send')}</Button>
          <a href={`/drafts/${row.id}`}>{say('portal.draft.saveForLater')}</a>
        </Actions>
      </Form>
    </Layout>
  );
}

/** Everything she states and everything that goes out: what is sealed into the application as the page she saw. */
export function CheckBody({
  view,
  draft,
  receivers,
}: {
  view: View;
  draft: OpenedDraft;
  receivers: readonly Disclosure[];
}) {
  const { say } = view;
  const { opened, pages, cards } = draft;
  const { agreement, draft: row } = opened;
  const fileHref = (digest: string) => `/files/${row.id}/${digest}`;
  return (
    <>
      <DraftMandate view={view} draft={row} />
      <h2>{say('portal.check.answers')}</h2>
      <SummaryList
        rows={pages.flatMap(({ name, fields }) =>
          fields.map(({ field, value }) => ({
            key: textOf(view, agreement, field.text),
            value: <AnswerValue {...{ view, agreement, field, value }} fileHref={fileHref} />,
            change: {
              href: `/drafts/${row.id}/pages/${name}?from=check`,
              words: say('common.change'),
              about: textOf(view, agreement, field.text),
            },
          })),
        )}
      />
      <h2>{say('portal.check.evidence', aboutDraft(row))}</h2>
      {cards.map((card) => (
        <EvidencePiece key={card.key} view={view} agreement={agreement} card={card} open={false} />
      ))}
      <p>
        <a href={`/drafts/${row.id}/evidence`}>{say('portal.check.evidence.change')}</a>
      </p>
      <h2>{say('portal.check.receivers')}</h2>
      <p>{say('portal.check.receivers.words')}</p>
      {receivers.map((receiver) => (
        <Receiver key={receiver.state} view={view} draft={draft} receiver={receiver} />
      ))}
    </>
  );
}

function Receiver({ view, draft, receiver }: { view: View; draft: OpenedDraft; receiver: Disclosure }) {
  const { say } = view;
  const { agreement } = draft.opened;
  const items = receiver.items.map(({ kind, type, state, name }) =>
    kind === 'file'
      ? say('portal.check.item.file', { name: name ?? '' })
      : kind === 'answers' || type === undefined
        ? say('portal.check.item.answers')
        : say('portal.check.item.evidence', {
            evidence: textOf(view, agreement, agreement.evidence[type]?.title ?? type),
            state: view.stateName(state ?? ''),
          }),
  );
  return (
    <article class="cw-piece" data-state={receiver.state}>
      <div class="cw-piece-head">
        <div>
          <h3>{view.agencyName(receiver.agency)}</h3>
          <p>{view.stateName(receiver.state)}</p>
        </div>
      </div>
      <SummaryList
        tight
        rows={[
          {
            key: say('portal.check.what'),
            value: (
              <ul>
                {items.map((item) => (
                  <li key={item}>{item}</li>
                ))}
              </ul>
            ),
          },
          { key: say('common.evidence.ground'), value: groundWords(view, agreement, receiver.ground) },
          { key: say('portal.check.keep'), value: view.duration(receiver.keep) },
        ]}
      />
    </article>
  );
}
