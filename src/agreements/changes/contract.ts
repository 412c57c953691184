import type { Agreement, EvidenceType, Rule, TransactionType } from '../types.ts';
import type { Difference } from './classify.ts';
import { namesIn, same, tableChanges, written } from './compare.ts';

const once = (kind: 'article-changed' | 'role-changed' | 'document-changed') => ({
  added: kind,
  removed: kind,
  changed: kind,
});

/** What differs in the contract outside its services: parties, law, roles, transactions, evidence, rules, documents. */
export function contractChanges(before: Agreement, after: Agreement): Difference[] {
  return [
    ...partyChanges(before, after),
    ...tableChanges(before.articles, after.articles, once('article-changed')),
    ...(same(before.legalBasis, after.legalBasis) ? [] : [{ kind: 'article-changed' as const, what: 'legalBasis' }]),
    ...tableChanges(before.roles, after.roles, once('role-changed')),
    ...transactionChanges(before.transactions, after.transactions),
    ...evidenceChanges(before.evidence, after.evidence),
    ...ruleChanges(before, after),
    ...tableChanges(before.documents, after.documents, once('document-changed')),
  ];
}

function partyChanges(before: Agreement, after: Agreement): Difference[] {
  return [
    ...before.parties
      .filter((state) => !after.parties.includes(state))
      .map((what) => ({ kind: 'party-removed' as const, what })),
    ...after.parties
      .filter((state) => !before.parties.includes(state))
      .map((what) => ({ kind: 'party-added' as const, what })),
    ...(before.inForce === after.inForce
      ? []
      : [{ kind: 'entry-changed' as const, what: 'inForce', from: before.inForce, to: after.inForce }]),
  ];
}

function transactionChanges(
  before: Record<string, TransactionType>,
  after: Record<string, TransactionType>,
): Difference[] {
  const timing = ['timers', 'retries'];
  const { both } = namesIn(before, after);
  const timers = both.filter((code) => {
    const [old, now] = [before[code], after[code]];
    return !same(old?.timers, now?.timers) || old?.retries !== now?.retries;
  });
  return [
    ...tableChanges(
      before,
      after,
      { added: 'transaction-added', removed: 'transaction-removed', changed: 'transaction-changed' },
      timing,
    ),
    ...timers.map((what) => ({
      kind: 'timer-changed' as const,
      what,
      from: timersOf(before[what]),
      to: timersOf(after[what]),
    })),
  ];
}

const timersOf = (type: TransactionType | undefined): string =>
  [...Object.entries(type?.timers ?? {}).map(([name, time]) => `${name} ${time}`), `retries ${type?.retries}`].join(
    ', ',
  );

function evidenceChanges(before: Record<string, EvidenceType>, after: Record<string, EvidenceType>): Difference[] {
  const facts = ['schema', 'schemaDigest', 'labels'];
  const { both } = namesIn(before, after);
  return [
    ...tableChanges(
      before,
      after,
      { added: 'evidence-added', removed: 'evidence-removed', changed: 'evidence-terms' },
      facts,
    ),
    ...both
      .filter((type) => facts.some((part) => !same(partOf(before[type], part), partOf(after[type], part))))
      .map((what) => ({ kind: 'evidence-facts' as const, what })),
  ];
}

const partOf = (type: EvidenceType | undefined, part: string): unknown =>
  (type as Record<string, unknown> | undefined)?.[part];

function ruleChanges(before: Agreement, after: Agreement): Difference[] {
  const { removed, added, both } = namesIn(before.rules, after.rules);
  const functions = tableChanges(
    before.functions,
    after.functions,
    { added: 'rule-added', removed: 'rule-removed', changed: 'rule-changed' },
    // Its value is the compiled form of its text.
    ['value'],
  );
  return [
    ...removed.map((what) => ({ kind: 'rule-removed' as const, what })),
    ...added.map((what) => ({ kind: 'rule-added' as const, what })),
    ...both.flatMap((name) => versionChanges(name, before.rules[name], after.rules[name])),
    ...functions,
  ];
}

/** A rule grows by a version of its own date, the one before ending the day before; anything else changes what is in force. */
function versionChanges(name: string, before: Rule | undefined, after: Rule | undefined): Difference[] {
  if (before === undefined || after === undefined || same(before, after)) return [];
  const added = after.versions.slice(before.versions.length);
  const isGrowth =
    same(before, after, ['versions']) &&
    added.length > 0 &&
    before.versions.every((old, index) => written(old, ['until']) === written(after.versions[index], ['until'])) &&
    added.every(({ from }) => from !== undefined);
  if (!isGrowth) return [{ kind: 'rule-changed', what: name }];
  return added.map(({ from = '' }) => ({ kind: 'rule-version-added', what: name, to: from }));
}
