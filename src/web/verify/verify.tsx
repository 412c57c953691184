import { type Verdict, verifyFile } from '../../documents/index.ts';
import { isFailure } from '../../storage/index.ts';
import { anchorOf } from '../../union/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import type { Visit } from '../http/visit.ts';
import { VerdictNote } from '../shown/verdict-note.tsx';
import { Button, Details, ErrorSummary, Form, Layout, PageHeading, type View } from '../ui/index.ts';
import { FileFacts } from './file-facts.tsx';

/** Anybody may check a file here; nothing of it is kept. */
export function addVerify(pages: Pages): void {
  pages.anybody.get('/verify', ({ ctx, view }) => page(<VerifyPage view={view} ctx={ctx} />));
  pages.anybody.post('/verify', async ({ ctx, view, fields }: Visit) => {
    const file = fields.file('file')?.bytes;
    if (file === undefined || file.length === 0) {
      return page(<VerifyPage view={view} ctx={ctx} wrong={view.say('error.WEB_FILE_MISSING')} />, 400);
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

export function VerifyPage({
  view,
  ctx,
  verdict,
  wrong,
}: {
  view: View;
  ctx: Pick<WebContext, 'agreements'>;
  verdict?: Verdict;
  wrong?: string;
}) {
  const { say } = view;
  return (
    <Layout view={view} title={say('verify.title')} wrong={wrong !== undefined}>
      <ErrorSummary view={view} errors={wrong === undefined ? [] : [{ field: 'file', message: wrong }]} />
      <PageHeading lead={say('verify.lead')}>{say('verify.title')}</PageHeading>
      {verdict === undefined ? null : <Result view={view} ctx={ctx} verdict={verdict} />}
      <Form view={view} action="/verify" file>
        <div class={wrong === undefined ? 'cw-field cw-file' : 'cw-field cw-file cw-wrong'}>
          <label for="file">{say(verdict === undefined ? 'verify.file' : 'verify.another')}</label>
          <p class="cw-hint" id="file-hint">
            {say('verify.file.hint')}
          </p>
          <input type="file" id="file" name="file" accept=".json,application/json" aria-describedby="file-hint" />
        </div>
        <Button>{say('verify.check')}</Button>
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
      {verdict.facts.length === 0 ? null : (
        <>
          <h2>{say('verify.says')}</h2>
          <FileFacts view={view} agreements={ctx.agreements.all()} facts={verdict.facts} />
        </>
      )}
    </section>
  );
}
