import type { Agreement, Annex } from '../types.ts';
import type { Difference } from './classify.ts';
import { namesIn, same } from './compare.ts';

/** What differs in the annexes of states that are parties before and after: one state's own matter. */
export function annexChanges(before: Agreement, after: Agreement): Difference[] {
  return namesIn(before.annexes, after.annexes).both.flatMap((state) => {
    const [old, now] = [before.annexes[state], after.annexes[state]];
    return old === undefined || now === undefined ? [] : oneAnnex(state, old, now);
  });
}

function oneAnnex(state: string, before: Annex, after: Annex): Difference[] {
  const rules = namesIn(before.rules, after.rules);
  const roles = namesIn(before.roles, after.roles);
  const found: Difference[] = [
    ...[
      ...rules.removed,
      ...rules.added,
      ...rules.both.filter((name) => !same(before.rules[name], after.rules[name])),
    ].map((what) => ({ kind: 'annex-rule' as const, what, state })),
    ...[...roles.removed, ...roles.added, ...roles.both.filter((name) => before.roles[name] !== after.roles[name])].map(
      (what) => ({
        kind: 'annex-role' as const,
        what,
        state,
        from: before.roles[what] ?? '',
        to: after.roles[what] ?? '',
      }),
    ),
    ...(same(before.confirmations, after.confirmations)
      ? []
      : [{ kind: 'annex-confirmations' as const, what: 'confirmations', state }]),
  ];
  if (!same(before.deadlines, after.deadlines) || !same(before.holidays, after.holidays)) {
    found.push({ kind: 'annex-deadline', what: 'deadline', state });
  }
  if (found.length === 0 && before.digest !== after.digest) found.push({ kind: 'annex-other', what: 'annex', state });
  return found;
}
