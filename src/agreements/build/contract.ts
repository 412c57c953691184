import type { Draft } from '../read/draft.ts';
import { has } from '../read/draft.ts';
import { demand } from '../read/expressions.ts';
import type { Path, Source } from '../read/yaml.ts';
import type { Agreement, Article, Role, TransactionType } from '../types.ts';
import { useText } from './texts.ts';

type Head = Pick<
  Agreement,
  | 'name'
  | 'title'
  | 'summary'
  | 'version'
  | 'parties'
  | 'inForce'
  | 'legalBasis'
  | 'articles'
  | 'roles'
  | 'transactions'
>;

/** `agreement.yaml` as a model: articles, roles, transactions, and how they refer to each other. */
export function buildContract(draft: Draft): Head | undefined {
  if (draft.contract === undefined) return undefined;
  const { raw, source } = draft.contract;
  const text = (id: string, ...path: (string | number)[]): string => useText(draft, id, source.at(path));

  const articles: Record<string, Article> = {};
  for (const [id, article] of Object.entries(raw.articles)) {
    articles[id] = { id, ...article, title: text(article.title, 'articles', id, 'title') };
    checkWithholding(draft, articles[id], source);
  }
  for (const [index, id] of raw.legalBasis.entries()) demandArticle(draft, id, source, ['legalBasis', index]);

  const roles: Record<string, Role> = {};
  for (const [name, role] of Object.entries(raw.roles)) {
    roles[name] = { name, title: text(role.title, 'roles', name, 'title') };
  }

  const transactions: Record<string, TransactionType> = {};
  for (const [code, transaction] of Object.entries(raw.transactions)) {
    const path = ['transactions', code];
    demandRole(draft, transaction.from, source, [...path, 'from']);
    demandRole(draft, transaction.to, source, [...path, 'to']);
    transactions[code] = { code, ...transaction, title: text(transaction.title, ...path, 'title') };
    checkTransaction(draft, transactions[code], source, path);
  }

  return {
    name: raw.agreement,
    title: text(raw.title, 'title'),
    summary: text(raw.summary, 'summary'),
    version: raw.version,
    parties: raw.parties,
    inForce: raw.inForce,
    legalBasis: raw.legalBasis,
    articles,
    roles,
    transactions,
  };
}

const ANSWERED: readonly TransactionType['pattern'][] = [
  'queryResponse',
  'requestConfirm',
  'requestResponse',
  'mutualObligation',
];

/** Patterns whose asked side says that it has begun: exchange/transactions/patterns.ts has the whole machines. */
const ACCEPTED: readonly TransactionType['pattern'][] = ['requestResponse', 'mutualObligation'];

/** By which an authority gives its opinion: with its answer, after accepting the work, or bound by having accepted. */
const OPINIONS: readonly TransactionType['pattern'][] = ['requestConfirm', 'requestResponse', 'mutualObligation'];

/** Pattern, operation and cargo must fit, and whatever is waited for must have a time. */
function checkTransaction(draft: Draft, transaction: TransactionType, source: Source, path: Path): void {
  const { code, pattern, operation, timers, evidence, service } = transaction;
  const { findings } = draft;
  const shape = (reason: string): void =>
    findings.add('AGREEMENT_TRANSACTION_SHAPE', { code, reason }, source.at(path));

  if (ANSWERED.includes(pattern) && timers.respond === undefined) {
    findings.add('AGREEMENT_TRANSACTION_TIMER', { code, timer: 'respond' }, source.at([...path, 'timers']));
  }
  if (ACCEPTED.includes(pattern) && timers.accept === undefined) {
    findings.add('AGREEMENT_TRANSACTION_TIMER', { code, timer: 'accept' }, source.at([...path, 'timers']));
  }
  if (!ANSWERED.includes(pattern) && timers.respond !== undefined) shape(`a ${pattern} has no response`);
  if (!ACCEPTED.includes(pattern) && timers.accept !== undefined) shape(`a ${pattern} is not accepted first`);
  switch (operation) {
    case 'fetchEvidence':
      if (pattern !== 'queryResponse') shape('evidence is fetched by queryResponse');
      if (evidence === undefined) shape('it names no evidence');
      if (service !== undefined) shape('fetchEvidence opens no service');
      break;
    case 'giveOpinion':
      if (!OPINIONS.includes(pattern)) shape(`an opinion is given by ${OPINIONS.join(', ')}`);
      if (evidence === undefined) shape('it names no evidence');
      if (service !== undefined) shape('giveOpinion opens no service');
      break;
    case 'openCase':
      if (pattern !== 'requestResponse') shape('a case is opened by requestResponse');
      if (service === undefined) shape('it names no service');
      if (evidence !== undefined) shape('openCase fetches no evidence');
      break;
    case 'askCorrection':
      if (pattern !== 'requestResponse') shape('a correction is asked for by requestResponse');
      if (evidence !== undefined || service !== undefined) shape('askCorrection names neither evidence nor service');
      break;
    case 'correctDecision':
      if (pattern !== 'notification') shape('a corrected decision is brought by notification');
      if (evidence !== undefined || service !== undefined) shape('correctDecision names neither evidence nor service');
      break;
    case 'distribute':
      if (ANSWERED.includes(pattern)) shape('distribute is notification or informationDistribution');
      if (evidence !== undefined || service !== undefined) shape('distribute names neither evidence nor service');
  }
  if (evidence !== undefined) {
    demand(
      has(draft.evidence, evidence),
      'AGREEMENT_EVIDENCE_UNKNOWN',
      evidence,
      source,
      [...path, 'evidence'],
      findings,
    );
  }
  if (service !== undefined) {
    demand(has(draft.services, service), 'AGREEMENT_SERVICE_UNKNOWN', service, source, [...path, 'service'], findings);
  }
}

/** Only a law keeps a use of data back from the person, and never for ever. */
function checkWithholding({ findings }: Draft, { id, source: origin, withholdFor }: Article, source: Source): void {
  if (withholdFor === undefined) return;
  const at = source.at(['articles', id, 'withholdFor']);
  if (origin !== 'law') findings.add('AGREEMENT_WITHHOLD_SOURCE', { name: id }, at);
  const relativeTo = Temporal.PlainDate.from('2024-01-01');
  if (Temporal.Duration.from(withholdFor).total({ unit: 'days', relativeTo }) > 366)
    findings.add('AGREEMENT_WITHHOLD_LONG', { name: id }, at);
}

/** An article must stand in the list of the agreement; without a list nothing is said. */
export function demandArticle(draft: Draft, id: string, source: Source, path: Path): void {
  const known = draft.contract === undefined || Object.hasOwn(draft.contract.raw.articles, id);
  demand(known, 'AGREEMENT_ARTICLE_UNKNOWN', id, source, path, draft.findings);
}

/** A role must stand in the list of the agreement. */
export function demandRole(draft: Draft, name: string, source: Source, path: Path): void {
  const known = draft.contract === undefined || Object.hasOwn(draft.contract.raw.roles, name);
  demand(known, 'AGREEMENT_ROLE_UNKNOWN', name, source, path, draft.findings);
}

/** A transaction must stand in the list of the agreement and do what is wanted of it. */
export function demandTransaction(
  draft: Draft,
  code: string,
  wanted: { operation: TransactionType['operation']; of?: string },
  source: Source,
  path: Path,
): void {
  if (draft.contract === undefined) return;
  const transaction = draft.contract.raw.transactions[code];
  if (!demand(transaction !== undefined, 'AGREEMENT_TRANSACTION_UNKNOWN', code, source, path, draft.findings)) return;
  const carried = transaction?.evidence ?? transaction?.service;
  if (transaction?.operation !== wanted.operation || (wanted.of !== undefined && carried !== wanted.of)) {
    const reason = `${wanted.operation}${wanted.of === undefined ? '' : ` of ${wanted.of}`} is wanted here`;
    draft.findings.add('AGREEMENT_TRANSACTION_SHAPE', { code, reason }, source.at(path));
  }
}

/** The file's name and the name inside must be one. */
export function demandSameName(draft: Draft, file: string, name: string, source: Source, key: string): void {
  if (file !== name) draft.findings.add('AGREEMENT_NAME_MISMATCH', { file, name }, source.at([key]));
}
