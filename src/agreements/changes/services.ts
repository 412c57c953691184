import type { Agreement, Field, Service } from '../types.ts';
import type { Difference } from './classify.ts';
import { namesIn, same } from './compare.ts';

/** What differs in what people apply for: the fields first, then the rest of each service. */
export function serviceChanges(before: Agreement, after: Agreement): Difference[] {
  const { removed, added, both } = namesIn(before.services, after.services);
  return [
    ...removed.map((what) => ({ kind: 'service-removed' as const, what })),
    ...added.map((what) => ({ kind: 'service-added' as const, what })),
    ...both.flatMap((name) => {
      const [old, now] = [before.services[name], after.services[name]];
      return old === undefined || now === undefined ? [] : oneService(old, now, renamesOf(before, after, name));
    }),
  ];
}

/** New name -> old name, as the migration between the two contracts says. */
function renamesOf(before: Agreement, after: Agreement, service: string): Map<string, string> {
  const moves = after.migrations.find(({ from, to }) => from === before.contractDigest && to === after.contractDigest);
  const found = new Map<string, string>();
  for (const [name, move] of Object.entries(moves?.services[service] ?? {})) {
    if ('from' in move && move.from !== name) found.set(name, move.from);
  }
  return found;
}

function oneService(before: Service, after: Service, renames: ReadonlyMap<string, string>): Difference[] {
  const { removed, added, both } = namesIn(before.fields, after.fields);
  const at = (name: string): string => `${after.name}/${name}`;
  const renamed = added.filter((name) => removed.includes(renames.get(name) ?? ''));
  const gone = removed.filter((name) => !renamed.some((one) => renames.get(one) === name));
  const whole = (
    kind:
      | 'pages-changed'
      | 'deciders-changed'
      | 'stages-changed'
      | 'disclosure-changed'
      | 'events-changed'
      | 'document-changed',
    isSame: boolean,
  ): Difference[] => (isSame ? [] : [{ kind, what: after.name }]);
  return [
    ...gone.map((name) => ({ kind: 'field-removed' as const, what: at(name) })),
    ...renamed.flatMap((name) => [
      { kind: 'field-renamed' as const, what: at(name), from: renames.get(name) ?? '', to: name },
      ...oneField(at(name), before.fields[renames.get(name) ?? ''], after.fields[name]),
    ]),
    ...added
      .filter((name) => !renamed.includes(name))
      .map((name) => ({
        kind: after.fields[name]?.required ? ('field-added-required' as const) : ('field-added-optional' as const),
        what: at(name),
      })),
    ...both.flatMap((name) => oneField(at(name), before.fields[name], after.fields[name])),
    ...whole('pages-changed', same(before.form, after.form)),
    ...whole(
      'deciders-changed',
      same(
        [before.decidedBy, before.appliesFor, before.byMandate],
        [after.decidedBy, after.appliesFor, after.byMandate],
      ),
    ),
    ...evidenceOf(before, after),
    ...whole(
      'stages-changed',
      same([before.stages, before.claim, before.actions], [after.stages, after.claim, after.actions]),
    ),
    ...(same(before.deadline, after.deadline)
      ? []
      : [
          {
            kind: 'deadline-changed' as const,
            what: after.name,
            from: termsOf(before),
            to: termsOf(after),
          },
        ]),
    ...whole('disclosure-changed', same(before.disclosure, after.disclosure)),
    ...whole('events-changed', same(before.events, after.events)),
    ...whole('document-changed', before.document === after.document),
    ...(same(before.decision, after.decision, ['order']) ? [] : [{ kind: 'rule-changed' as const, what: after.name }]),
  ];
}

const termsOf = ({ deadline: { decide, silence, article } }: Service): string =>
  [decide, silence, ...(article === undefined ? [] : [article])].join(', ');

function evidenceOf(before: Service, after: Service): Difference[] {
  return [
    ...before.evidence
      .filter((type) => !after.evidence.includes(type))
      .map((type) => ({ kind: 'evidence-removed' as const, what: `${after.name}/${type}` })),
    ...after.evidence
      .filter((type) => !before.evidence.includes(type))
      .map((type) => ({ kind: 'evidence-added' as const, what: `${after.name}/${type}` })),
  ];
}

const CONDITIONS = ['when', 'among', 'valid', 'maxLength'] as const;

function oneField(what: string, before: Field | undefined, after: Field | undefined): Difference[] {
  if (before === undefined || after === undefined) return [];
  const found: Difference[] = [];
  if (before.type !== after.type) found.push({ kind: 'field-type', what, from: before.type, to: after.type });
  if (before.required !== after.required)
    found.push({ kind: after.required ? 'field-required' : 'field-optional', what });
  const options = namesIn(before.options ?? {}, after.options ?? {});
  if (before.type === after.type && options.added.length > 0) {
    found.push({ kind: 'field-options-added', what, to: options.added.join(', ') });
  }
  if (before.type === after.type && options.removed.length > 0) {
    found.push({ kind: 'field-options-removed', what, from: options.removed.join(', ') });
  }
  if (CONDITIONS.some((part) => !same(before[part], after[part]))) found.push({ kind: 'field-condition', what });
  const looked = ['name', 'type', 'required', 'options', ...CONDITIONS];
  // Another text id, or something that the language learned later: asked as it is now.
  if (!same(before, after, looked)) found.push({ kind: 'field-condition', what });
  return found.filter((one, place) => found.findIndex(({ kind }) => kind === one.kind) === place);
}
