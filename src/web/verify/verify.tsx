import { type CheckedPaper, checkPaper, type Verdict, type VerifiedFact, verifyFile } from '../../documents/index.ts';
import { type Failure, isFailure } from '../../storage/index.ts';
import { anchorOf } from '../../union/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { Visit } from '../http/visit.ts';
import { findCredentialType } from '../shown/document-words.ts';
import { PaperNote, VerdictNote } from '../shown/verdict-note.tsx';
import { Button, Details, ErrorSummary, Form, Layout, PageHeading, TextArea, type View } from '../ui/index.ts';
import { FileFacts } from './file-facts.tsx';

/** Anybody may check a file here, or the code of a printed page; nothing of either is kept. */
export function addVerify(pages: Pages): void {
  pages.anybody.get('/verify', ({ ctx, view }) => page(<VerifyPage view={view} ctx={ctx} />));
  pages.anybody.post('/verify', async ({ ctx, view, fields }: Visit) => {
    if (fields.has('code')) return checkCode(ctx, view, fields.one('code'));
    const file = fields.file('file')?.bytes;
    if (file === undefined || file.length === 0) {
      const wrong = { field: 'file', message: view.say('error.WEB_FILE_MISSING') } as const;
      return page(<VerifyPage view={view} ctx={ctx} wrong={wrong} />, 400);
    }
    const verdict = await judge(ctx, file);
    return page(<VerifyPage view={view} ctx={ctx} verdict={verdict} />);
  });
}

/** By this node's own charter: never by anything that stands in the file. */
async function judge(ctx: WebContext, file: Buffer): Promise<Verdict> {
  const anchors = ctx.trust.charters.map(({ payload }) => anchorOf(payload));
  try {
    return await verifyFile(file, { anchors, now: ctx.clock.now() });
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { verdict: 'invalid', code: error.code, params: error.params, facts: [] };
  }
}

/** A text that is no code is asked for again; one that is, and does not hold, is judged. */
function checkCode(ctx: WebContext, view: View, code: string) {
  const again = (message: string) =>
    page(<VerifyPage {...{ view, ctx, code }} wrong={{ field: 'code', message }} />, 400);
  if (code === '') return again(view.say('verify.code.missing'));
  try {
    const paper = checkPaper(code, { trust: ctx.trust, now: ctx.clock.now() });
    return page(<VerifyPage view={view} ctx={ctx} paper={paper} />);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (error.code === 'DOCUMENTS_PAPER_FORM') return again(view.say('error.DOCUMENTS_PAPER_FORM'));
    return page(<VerifyPage view={view} ctx={ctx} paper={error} />);
  }
}

export function VerifyPage({
  view,
  ctx,
  verdict,
  paper,
  code,
  wrong,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  verdict?: Verdict;
  /** What the code of a printed page proved, or why it proves nothing. */
  paper?: CheckedPaper | Failure;
  /** A text that was sent and is no code: to be mended. */
  code?: string;
  wrong?: { field: 'file' | 'code'; message: string };
}) {
  const { say } = view;
  return (
    <Layout view={view} title={say('verify.title')} wrong={wrong !== undefined}>
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [wrong]} />
      <PageHeading lead={say('verify.lead')}>{say('verify.title')}</PageHeading>
      {verdict === undefined ? null : <Result view={view} ctx={ctx} verdict={verdict} />}
      {paper === undefined ? null : <PaperResult view={view} ctx={ctx} paper={paper} />}
      <Form view={view} action="/verify" file>
        <div class={wrong?.field === 'file' ? 'cw-field cw-file cw-wrong' : 'cw-field cw-file'}>
          <label for="file">{say(verdict === undefined ? 'verify.file' : 'verify.another')}</label>
          <p class="cw-hint" id="file-hint">
            {say('verify.file.hint')}
          </p>
          <input type="file" id="file" name="file" accept=".json,application/json" aria-describedby="file-hint" />
        </div>
        <Button>{say('verify.check')}</Button>
      </Form>
      <h2>{say('verify.code')}</h2>
      <Form view={view} action="/verify">
        <TextArea
          view={view}
          name="code"
          label={say('verify.code.text')}
          hint={say('verify.code.hint')}
          error={wrong?.field === 'code' ? wrong.message : undefined}
          value={code}
        />
        <Button>{say('verify.code.check')}</Button>
      </Form>
      <h2>{say('verify.self')}</h2>
      <p>{say('verify.self.words')}</p>
      <p>
        <code class="cw-code">{say('verify.self.command')}</code>
      </p>
      <Details summary={say('verify.how')}>
        <ol>
          <li>{say('verify.how.seal')}</li>
          <li>{say('verify.how.issuer')}</li>
          <li>{say('verify.how.status')}</li>
          <li>{say('verify.how.ledger')}</li>
        </ol>
        <p>{say('verify.how.code')}</p>
        <p>{say('verify.how.anchor')}</p>
      </Details>
    </Layout>
  );
}

function Result({ view, ctx, verdict }: { view: View; ctx: Pick<WebContext, 'agreements'>; verdict: Verdict }) {
  const { say } = view;
  return (
    <section aria-live="polite">
      <VerdictNote view={view} verdict={verdict} />
      <Says view={view} ctx={ctx} title={say('verify.says')} facts={verdict.facts} />
    </section>
  );
}

function PaperResult({
  view,
  ctx,
  paper,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  paper: CheckedPaper | Failure;
}) {
  if (isFailure(paper)) return <PaperNote view={view} failure={paper} />;
  const type = findCredentialType(ctx.agreements.all(), paper.vct)?.type.type ?? paper.vct;
  const facts = [{ name: 'type', value: type }, ...paper.facts];
  return (
    <section aria-live="polite">
      <PaperNote view={view} withoutClaims={paper.withoutClaims} />
      <Says view={view} ctx={ctx} title={view.say('verify.code.says')} facts={facts} />
    </section>
  );
}

function Says({
  view,
  ctx,
  title,
  facts,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  title: string;
  facts: readonly VerifiedFact[];
}) {
  if (facts.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <FileFacts view={view} agreements={ctx.agreements.all()} facts={facts} />
    </>
  );
}
