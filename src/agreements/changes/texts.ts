import type { Agreement } from '../types.ts';
import type { Difference } from './classify.ts';

/** What differs in the texts: by language how many, and whether a named person stands by them. */
export function textChanges(before: Agreement, after: Agreement): Difference[] {
  const languages = [...new Set([...before.messages.keys(), ...after.messages.keys()])].sort();
  return languages.flatMap((language): Difference[] => {
    const [old, now] = [before.messages.get(language), after.messages.get(language)];
    const ids = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
    const changed = [...ids].filter((id) => old?.get(id) !== now?.get(id)).length;
    const of = (one: Agreement) => one.approvals[language as keyof Agreement['approvals']];
    const [was, is] = [of(before), of(after)];
    return [
      ...(changed === 0 ? [] : [{ kind: 'texts-changed' as const, what: language, to: String(changed) }]),
      ...(is !== undefined && is.on !== was?.on
        ? [{ kind: 'translation-approved' as const, what: language, to: `${is.by} (${is.role})` }]
        : []),
      ...(is === undefined && was !== undefined ? [{ kind: 'translation-draft' as const, what: language }] : []),
    ];
  });
}
