import { getHeldDocument, type HeldDocument, heldDocuments } from '../../applications/index.ts';
import {
  type DocumentPage,
  issuerOf,
  type PageView,
  pagePdf,
  pageView,
  type Verdict,
  verifyFile,
  verifySdJwt,
} from '../../documents/index.ts';
import { Failure } from '../../storage/index.ts';
import { anchorOf } from '../../union/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { textOf } from '../shown/agreement-words.ts';
import { claimRows, documentNotes, findDocumentType } from '../shown/document-words.ts';
import { Lines } from '../shown/lines.tsx';
import { VerdictNote } from '../shown/verdict-note.tsx';
import {
  ButtonLink,
  CardLink,
  Cards,
  Details,
  Empty,
  Icon,
  Layout,
  Notification,
  PageHeading,
  Qr,
  SummaryList,
  Tag,
  type View,
} from '../ui/index.ts';

/** Her documents: what they say, to show, to keep, to print. */
export function addDocuments(pages: Pages): void {
  pages.person.get('/documents', async ({ ctx, view, actor }) => {
    const documents = await heldDocuments(ctx.db, actor.person);
    const titled = documents.map((document) => ({
      document,
      title: titleOf(view, ctx, document),
    }));
    return page(<DocumentsPage view={view} documents={titled} />);
  });
  pages.person.get('/documents/:id', async ({ ctx, view, actor, params }) => {
    const document = await getHeldDocument(ctx.db, actor.person, params.id ?? '');
    const printed = await printedOf(ctx, view, document);
    const verdict = document.file === undefined ? undefined : await judge(ctx, document.file);
    return page(<DocumentShown view={view} document={document} printed={printed} verdict={verdict} />);
  });
  pages.person.get('/documents/:id/file', async ({ ctx, actor, params }) => {
    const { id, file, type } = await getHeldDocument(ctx.db, actor.person, params.id ?? '');
    if (file === undefined) throw new Failure('DOCUMENTS_NOT_PROVEN', { id });
    return { kind: 'file', body: file, type: 'application/json', name: `${type}-${id}.commonway.json` };
  });
  pages.person.get('/documents/:id/page.pdf', async ({ ctx, view, actor, params }) => {
    const document = await getHeldDocument(ctx.db, actor.person, params.id ?? '');
    const body = await pagePdf(await printedOf(ctx, view, document), document.receivedAt);
    return { kind: 'file', body, type: 'application/pdf', name: `${document.type}-${document.id}.pdf`, inline: true };
  });
}

/** By this node's own pinned charter, every version of it that was ever in force. */
function judge(ctx: WebContext, file: Buffer): Promise<Verdict> {
  const anchors = ctx.trust.charters.map(({ payload }) => anchorOf(payload));
  return verifyFile(file, { anchors, now: ctx.clock.now() });
}

function titleOf(view: View, ctx: Pick<WebContext, 'agreements'>, { type }: HeldDocument): string {
  const known = findDocumentType(ctx.agreements.all(), type);
  return known === undefined ? type : textOf(view, known.agreement, known.type.title);
}

/** The document's page in the language of its reader, from its verified claims. */
async function printedOf(ctx: WebContext, view: View, document: HeldDocument): Promise<PageView> {
  const credential = await verifySdJwt(document.credential, {
    now: ctx.clock.now(),
    ignoreExpiry: true,
    issuerKey: ({ x5c, claims }) => issuerOf(ctx.trust, x5c, new Date(Number(claims.iat) * 1000).toISOString()).key,
  });
  const known = findDocumentType(ctx.agreements.all(), document.type);
  const shown: DocumentPage = {
    language: view.language,
    title: titleOf(view, ctx, document),
    lines: known === undefined ? [] : claimRows({ view, ...known }, credential.claims),
    notes: known === undefined ? [] : documentNotes({ view, ...known }, credential.claims),
  };
  const { issuedAt, expiresAt } = credential;
  const printed = { id: document.id, page: shown, paper: document.paper, issuedAt };
  return pageView(expiresAt === undefined ? printed : { ...printed, validUntil: expiresAt }, {
    manifest: ctx.trust.manifest(document.state),
    agency: document.agency,
    demo: ctx.trust.charter.demo,
  });
}

export function DocumentsPage({
  view,
  documents,
}: {
  view: View;
  documents: readonly { document: HeldDocument; title: string }[];
}) {
  const { say } = view;
  return (
    <Layout view={view} title={say('portal.documents.title')} wide>
      <PageHeading lead={say('portal.documents.lead')}>{say('portal.documents.title')}</PageHeading>
      {documents.length === 0 ? (
        <Empty icon="document" title={say('portal.documents.none')}>
          <p>{say('portal.documents.none.words')}</p>
        </Empty>
      ) : (
        <Cards>
          {documents.map(({ document, title }) => (
            <CardLink key={document.id} href={`/documents/${document.id}`} icon="document" title={title}>
              <p>{view.agencyName(document.agency)}</p>
              <p class="cw-subtle">{`${view.stateName(document.state)}, ${view.date(document.receivedAt)}`}</p>
              {document.replacedAt === undefined ? null : (
                <Tag tone="danger" icon="cross">
                  {say('portal.documents.replaced')}
                </Tag>
              )}
            </CardLink>
          ))}
        </Cards>
      )}
    </Layout>
  );
}

export function DocumentShown({
  view,
  document,
  printed,
  verdict,
}: {
  view: View;
  document: HeldDocument;
  printed: PageView;
  verdict: Verdict | undefined;
}) {
  const { say } = view;
  const rows = ({ lines, facts }: PageView) =>
    [...lines, ...facts].map(({ label, value }) => ({ key: label, value: <Lines text={value} /> }));
  return (
    <Layout view={view} title={printed.title} back="/documents" wide>
      <div class="cw-two cw-document">
        <div>
          <PageHeading caption={printed.state}>{printed.title}</PageHeading>
          {document.replacedAt === undefined ? null : <Replaced view={view} document={document} />}
          {document.replacedAt !== undefined ? null : verdict === undefined ? (
            <Notification tone="info" icon="clock">
              <p>{say('portal.documents.sealing')}</p>
            </Notification>
          ) : (
            // A page cannot vouch for itself once it is paper: what proves it there is its code.
            <div class="cw-no-print">
              <VerdictNote view={view} verdict={verdict} />
            </div>
          )}
          <SummaryList rows={rows(printed)} />
          {printed.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
          <div class="cw-row cw-no-print">
            {document.file === undefined ? null : (
              <ButtonLink href={`/documents/${document.id}/file`}>
                <Icon name="download" />
                {say('portal.documents.file')}
              </ButtonLink>
            )}
            <ButtonLink href={`/documents/${document.id}/page.pdf`} kind="secondary">
              <Icon name="printer" />
              {say('portal.documents.pdf')}
            </ButtonLink>
          </div>
          <div class="cw-section cw-no-print">
            <Details summary={say('portal.documents.how')}>
              <p>{say('portal.documents.how.words')}</p>
              <p>
                <a href="/verify">{say('common.footer.verify')}</a>
              </p>
            </Details>
          </div>
        </div>
        <aside aria-label={say('portal.documents.code')}>
          <Qr text={document.paper} label={printed.check.codeDescription} />
          <p class="cw-small cw-subtle">{printed.check.text}</p>
        </aside>
      </div>
    </Layout>
  );
}

/** A document whose decision was corrected: what it says is of no use any more, and where the one that counts is. */
function Replaced({ view, document: { replacedAt = '', replacedBy } }: { view: View; document: HeldDocument }) {
  const { say } = view;
  return (
    <Notification tone="danger" title={say('portal.documents.replaced.title')}>
      <p>{say('portal.documents.replaced.words', { date: view.date(replacedAt) })}</p>
      {replacedBy === undefined ? null : (
        <p>
          <a href={`/documents/${replacedBy}`}>{say('portal.documents.replaced.by')}</a>
        </p>
      )}
    </Notification>
  );
}
