import type { Draft } from '../read/draft.ts';
import { demand } from '../read/expressions.ts';
import type { ServiceFile } from '../read/kinds/contract.ts';
import type { Path, Source } from '../read/yaml.ts';
import type { Operation, ServiceActions } from '../types.ts';
import { confirmationsOf } from './confirmations.ts';
import { demandArticle, demandTransaction } from './contract.ts';

/** What can be done with a decided case. Finding: AGREEMENT_ACTION_SHAPE. */
export function buildActions(draft: Draft, raw: ServiceFile, source: Source): ServiceActions {
  const written = raw.actions?.correct;
  if (written === undefined) return {};
  const path: Path = ['actions', 'correct'];
  const wrong = (reason: string, ...more: Path): void =>
    draft.findings.add('AGREEMENT_ACTION_SHAPE', { name: 'correct', reason }, source.at([...path, ...more]));
  const { articles, transaction, request, confirmations } = written;
  for (const [index, id] of articles.entries()) demandArticle(draft, id, source, [...path, 'articles', index]);
  demandTransaction(draft, transaction, { operation: 'correctDecision' }, source, [...path, 'transaction']);
  if (request !== undefined) {
    demandTransaction(draft, request, { operation: 'askCorrection' }, source, [...path, 'request']);
  }
  const transactions = draft.contract?.raw.transactions ?? {};
  const home = transactions[raw.claim]?.from;
  const decider = raw.decidedBy.role;
  const known = (role: string): boolean => Object.hasOwn(draft.contract?.raw.roles ?? {}, role);
  const demandWay = (key: 'transaction' | 'request', operation: Operation, from = '', to = ''): void => {
    const type = transactions[written[key] ?? ''];
    // What is wrong with the transaction itself has been said.
    if (type === undefined || home === undefined || type.operation !== operation || !known(decider)) return;
    if (type.from !== from || type.to !== to) wrong(`${written[key]} does not lead from ${from} to ${to}`, key);
  };
  demandWay('transaction', 'correctDecision', decider, home);
  demandWay('request', 'askCorrection', home, decider);
  const { distinctFrom = [] } = confirmations;
  if (!distinctFrom.includes('correct')) {
    wrong('who proposes a correction never agrees with it himself: `correct` belongs to distinctFrom', 'confirmations');
  }
  for (const name of distinctFrom) {
    const isThere = name === 'correct' || raw.stages.some((stage) => stage.name === name && stage.verb === 'confirm');
    demand(isThere, 'AGREEMENT_STAGE_UNKNOWN', name, source, [...path, 'confirmations'], draft.findings);
  }
  return {
    correct: {
      articles,
      transaction,
      ...(request === undefined ? {} : { request }),
      confirmations: confirmationsOf(confirmations),
    },
  };
}
