import type { Json } from '../../storage/index.ts';
import type { Answers } from '../decision/types.ts';
import { answerError, offeredFor } from '../journey/answers.ts';
import type { Agreement, Field, FieldMove, Migration } from '../types.ts';

/** Answers under a newer contract, and what became of the others. */
export interface MovedAnswers {
  answers: Answers;
  /** Fields whose answer did not come along: they are asked again, or not at all any more. */
  left: string[];
}

/**
 * Brings the answers of a draft from one contract to a newer one. A field keeps its answer where its name and type are the same and the
 * answer can still be given; a migration says where else an answer comes from. Nothing is guessed: what does not fit is asked again. Only
 * drafts are moved; an application that was sent stays as it was sealed.
 *
 * @param migrations all that are known; the way from the one contract to the other is found among them
 * @example moveAnswers(draft.answers, { from: agreementOfDraft, to: agreement, service: 'pension', migrations: agreement.migrations })
 */
export function moveAnswers(
  answers: Answers,
  {
    from,
    to,
    service,
    migrations,
  }: { from: Agreement; to: Agreement; service: string; migrations: readonly Migration[] },
): MovedAnswers {
  const target = to.services[service];
  if (target === undefined) return { answers: {}, left: Object.keys(answers).sort() };
  const way = wayOf(migrations, from.contractDigest, to.contractDigest);
  let moved: Answers = answers;
  const used = new Set<string>();
  for (const migration of way ?? []) moved = step(moved, migration.services[service] ?? {}, used);
  const mapped = new Set((way ?? []).flatMap((one) => Object.keys(one.services[service] ?? {})));
  const kept: Answers = {};
  for (const [name, value] of Object.entries(moved)) {
    const field = Object.hasOwn(target.fields, name) ? target.fields[name] : undefined;
    if (field === undefined) continue;
    const before = from.services[service]?.fields[name];
    const sameType = mapped.has(name) || before?.type === field.type;
    if (sameType && fits(to, field, value)) kept[name] = value;
  }
  return {
    answers: kept,
    left: Object.keys(answers)
      .filter((name) => !Object.hasOwn(kept, name) && !used.has(name))
      .sort(),
  };
}

function step(answers: Answers, moves: Readonly<Record<string, FieldMove>>, used: Set<string>): Answers {
  const next: Answers = { ...answers };
  for (const name of Object.keys(moves)) delete next[name];
  const sources = new Set<string>();
  for (const [name, move] of Object.entries(moves)) {
    if ('ask' in move || !Object.hasOwn(answers, move.from)) continue;
    const value = mapValue(answers[move.from] ?? null, move.values);
    sources.add(move.from);
    if (value === undefined) continue;
    next[name] = value;
    used.add(move.from);
  }
  // A field that was renamed does not stay under its old name, unless the new contract says so.
  for (const source of sources) if (!Object.hasOwn(moves, source)) delete next[source];
  return next;
}

function mapValue(value: Json, values: Readonly<Record<string, string>> | undefined): Json | undefined {
  if (values === undefined) return value;
  const one = (word: Json): string | undefined =>
    typeof word === 'string' && Object.hasOwn(values, word) ? values[word] : undefined;
  if (!Array.isArray(value)) return one(value);
  const list = value.map(one);
  return list.every((word) => word !== undefined) ? [...new Set(list)] : undefined;
}

/** Whether an answer has the form of a field. Which states can be chosen depends on other answers: the journey looks at that. */
function fits(agreement: Agreement, field: Field, value: Json): boolean {
  return answerError(field, value, offeredFor(field, agreement.parties)) === undefined;
}

/** The migrations that lead from one contract to another, in their order; undefined where there is no way. */
export function wayOf(migrations: readonly Migration[], from: string, to: string): Migration[] | undefined {
  const ways: Migration[][] = migrations.filter((one) => one.from === from).map((one) => [one]);
  const seen = new Set([from]);
  for (const way of ways) {
    const end = way.at(-1)?.to ?? '';
    if (end === to) return way;
    if (seen.has(end)) continue;
    seen.add(end);
    for (const next of migrations) if (next.from === end) ways.push([...way, next]);
  }
  return undefined;
}
