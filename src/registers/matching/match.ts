import { namesAgree } from './names.ts';
import { isPersonClaim, normaliseId, type PersonId, type RegisterPerson, type SubjectClaim, sameId } from './person.ts';

/**
 * What a register finds when it looks for a person.
 *
 * - `one`: an identifier, the birth date and a name agree, for exactly one person of the register.
 * - `ambiguous`: an identifier agrees, but for more than one person, or something else contradicts it. `proven` says whether at
 *   least one of them agrees in everything, so that telling it tells the asking person nothing about anybody else.
 * - `unproven`: no identifier agrees, but somebody bears the name and was born that day. It may be a namesake.
 * - `none`: neither.
 */
export type Match =
  | { outcome: 'one'; subject: string }
  | { outcome: 'ambiguous'; proven: boolean }
  | { outcome: 'unproven' }
  | { outcome: 'none' };

/** What may be told to the asking state. */
export type OutwardResult = 'found' | 'ambiguous' | 'unproven' | 'none';

/**
 * Finds the one person a claim is about among candidates. Never a guess: name and birth date alone release nothing, since a namesake
 * born the same day may be the only one of the two with a record.
 *
 * The number in the register's own state decides where the person gave one; else her ids at home do. Ids of third states count
 * for nothing: no state may assert another's persons. Organisations are found by their numbers alone, which are public.
 *
 * @param claim what the home state asserts
 * @param candidates every person of the register that shares a key with the claim
 * @param state the register's own state
 * @example
 * match(claim, [], 'ru') // { outcome: 'none' }
 */
export function match(claim: SubjectClaim, candidates: readonly RegisterPerson[], state: string): Match {
  const numbers = claim.ids.filter((id) => id.state === state);
  const homeIds = claim.ids.filter((id) => id.state === claim.home);
  // The register's own number names one record, where a national id of the same state may stand in two.
  const byLocalId = candidates.filter((candidate) => numbers.some((id) => normaliseId(id.value) === candidate.subject));
  const byNumber = byLocalId.length > 0 ? byLocalId : candidates.filter((candidate) => sharesId(candidate, numbers));
  const byHomeId = candidates.filter((candidate) => sharesId(candidate, homeIds));

  if (byNumber.length > 0) return only(byNumber, claim);
  // A number that nobody has, beside a home id that somebody has: one of the two is wrong, and we do not choose.
  if (numbers.length > 0 && byHomeId.length > 0) {
    return { outcome: 'ambiguous', proven: byHomeId.some((candidate) => agrees(candidate, claim)) };
  }
  if (byHomeId.length > 0) return only(byHomeId, claim);
  return candidates.some((candidate) => looksAlike(candidate, claim)) ? { outcome: 'unproven' } : { outcome: 'none' };
}

/**
 * What the asking state is told: never whether a person exists who was not proven to be the one. Anything but `found` and a proven
 * `ambiguous` depends on the question alone: `none` where the person gave a number in this state, `unproven` where she did not and
 * may still do so.
 */
export function outwardResult(found: Match, claim: SubjectClaim, state: string): OutwardResult {
  if (found.outcome === 'one') return 'found';
  if (found.outcome === 'ambiguous' && found.proven) return 'ambiguous';
  return claim.ids.some((id) => id.state === state) ? 'none' : 'unproven';
}

function only(candidates: readonly RegisterPerson[], claim: SubjectClaim): Match {
  const [first, ...others] = candidates;
  if (first !== undefined && others.length === 0 && agrees(first, claim))
    return { outcome: 'one', subject: first.subject };
  return { outcome: 'ambiguous', proven: candidates.some((candidate) => agrees(candidate, claim)) };
}

/** Everything but the identifier that found the candidate; a home id that the register notes otherwise contradicts. */
function agrees(candidate: RegisterPerson, claim: SubjectClaim): boolean {
  const homeIds = claim.ids.filter((id) => id.state === claim.home);
  const noted = candidate.ids.filter((id) => id.state === claim.home);
  const contradicted = noted.length > 0 && homeIds.length > 0 && !sharesId(candidate, homeIds);
  return !contradicted && looksAlike(candidate, claim);
}

function looksAlike(candidate: RegisterPerson, claim: SubjectClaim): boolean {
  if (!isPersonClaim(claim)) return true;
  const born = candidate.birthDates.length > 0 && candidate.birthDates.every((date) => date === claim.birthDate);
  return born && candidate.names.some((name) => claim.names.some((other) => namesAgree(name, other)));
}

function sharesId(candidate: RegisterPerson, ids: readonly PersonId[]): boolean {
  return candidate.ids.some((noted) => ids.some((id) => sameId(noted, id)));
}
