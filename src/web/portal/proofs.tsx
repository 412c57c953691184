import { type Application, decisionFile, getApplication } from '../../applications/index.ts';
import { evidenceFile } from '../../documents/index.ts';
import { type TransactionReport, transactionFile, transactionReport } from '../../exchange/index.ts';
import { Failure } from '../../storage/index.ts';
import type { TextId } from '../../texts/index.ts';
import { page } from '../http/answer.ts';
import type { Pages } from '../http/routes.ts';
import { Empty, Layout, PageHeading, SummaryList, type View } from '../ui/index.ts';

const SEALED = 'application/json';

/** What the states sent each other for an application, each piece as a file that proves itself. */
export function addProofs(pages: Pages): void {
  pages.person.get('/applications/:id/proofs', async ({ ctx, view, actor, params }) => {
    const application = await getApplication(ctx.db, actor.person, params.id ?? '');
    const transactions = await transactionReport(ctx, application.id);
    return page(<ProofsPage view={view} application={application} transactions={transactions} />);
  });
  pages.person.get('/applications/:id/transactions/:transaction', async ({ ctx, actor, params }) => {
    const application = await getApplication(ctx.db, actor.person, params.id ?? '');
    const report = await transactionReport(ctx, application.id);
    const found = report.find(({ id }) => id === params.transaction);
    if (found === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
    const name = `${found.code}-${found.from}-${found.to}.commonway.json`;
    return { kind: 'file', body: await transactionFile(ctx, found.id), type: SEALED, name };
  });
  pages.person.get('/applications/:id/evidence/:type/:state', async ({ ctx, actor, params }) => {
    const { type = '', state = '' } = params;
    const application = await getApplication(ctx.db, actor.person, params.id ?? '');
    const card = application.evidence.find(({ key }) => key === `${type}/${state}`);
    const known = ctx.agreements.byContract(application.contract)?.evidence[type];
    if (card?.evidence === undefined || known === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
    const body = evidenceFile(ctx, card.evidence, known.schema);
    return { kind: 'file', body, type: SEALED, name: `${type}-${state}.commonway.json` };
  });
  pages.person.get('/applications/:id/decisions/:state', async ({ ctx, actor, params }) => {
    const { id = '', state = '' } = params;
    const body = await decisionFile(ctx, actor, id, state);
    return { kind: 'file', body, type: SEALED, name: `decision-${state}.commonway.json` };
  });
}

interface ProofsProps {
  view: View;
  application: Application;
  transactions: readonly TransactionReport[];
}

export function ProofsPage({ view, application, transactions }: ProofsProps) {
  const { say } = view;
  const { id, evidence, cases } = application;
  const received = evidence.filter((card) => card.evidence !== undefined);
  const decided = cases.filter(({ decision }) => decision !== undefined);
  return (
    <Layout view={view} title={say('portal.proofs.title')} back={`/applications/${id}`}>
      <PageHeading lead={say('portal.proofs.lead')}>{say('portal.proofs.title')}</PageHeading>
      <h2>{say('portal.proofs.transactions')}</h2>
      {transactions.length === 0 ? <Empty icon="mail" title={say('portal.proofs.none')} /> : null}
      {transactions.map((transaction) => (
        <TransactionPiece key={transaction.id} view={view} application={id} transaction={transaction} />
      ))}
      <FileList
        view={view}
        title={say('portal.proofs.evidence')}
        files={received.map(({ key, state, agency }) => ({
          href: `/applications/${id}/evidence/${key}`,
          words: `${view.stateName(state)}: ${view.agencyName(agency)}`,
        }))}
      />
      <FileList
        view={view}
        title={say('portal.proofs.decisions')}
        files={decided.map(({ state, agency }) => ({
          href: `/applications/${id}/decisions/${state}`,
          words: `${view.stateName(state)}: ${view.agencyName(agency)}`,
        }))}
      />
    </Layout>
  );
}

function TransactionPiece({
  view,
  application,
  transaction,
}: {
  view: View;
  application: string;
  transaction: TransactionReport;
}) {
  const { say } = view;
  const { id, code, from, to, status, receipt, ledgerIndex } = transaction;
  const words: TextId = `portal.proofs.status.${status}`;
  const place = (index: number | null) => (index === null ? '…' : String(index));
  return (
    <article class="cw-piece" data-state={to}>
      <div class="cw-piece-head">
        <div>
          <h3>{say('portal.proofs.between', { from: view.stateName(from), to: view.stateName(to) })}</h3>
          <p class="cw-code">{code}</p>
        </div>
      </div>
      <SummaryList
        tight
        rows={[
          { key: say('portal.proofs.status'), value: say(words) },
          {
            key: say('portal.proofs.receipt'),
            value:
              receipt === null
                ? say('portal.proofs.receipt.none')
                : say('portal.proofs.receipt.at', { state: view.stateName(to), date: view.date(receipt.receivedAt) }),
          },
          {
            key: say('portal.proofs.ledger'),
            value: say('portal.proofs.ledger.places', {
              from: view.stateName(from),
              fromIndex: place(ledgerIndex.from),
              to: view.stateName(to),
              toIndex: place(ledgerIndex.to),
            }),
          },
        ]}
      />
      {receipt === null ? null : (
        <p>
          <a href={`/applications/${application}/transactions/${id}`} download>
            {say('portal.proofs.file')} <span class="cw-hide">{code}</span>
          </a>
        </p>
      )}
    </article>
  );
}

function FileList({ view, title, files }: { view: View; title: string; files: { href: string; words: string }[] }) {
  if (files.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {files.map(({ href, words }) => (
          <li key={href}>
            <a href={href} download>
              {words} <span class="cw-hide">{view.say('portal.proofs.file')}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
