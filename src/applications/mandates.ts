import type { Service } from '../agreements/index.ts';
import { today } from '../calendar/index.ts';
import { localIdOf } from '../persons/index.ts';
import { findMandates, type Mandate } from '../registers/index.ts';
import { Failure, type Queryable } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import type { OpenDraft } from './drafts.ts';

/**
 * For whom a person may apply for a service today; nobody for one that she applies for herself.
 * @example const [bank] = await mandatesFor(ctx, ctx.db, 'aigerim', service);
 */
export async function mandatesFor(
  ctx: ApplicationsContext,
  db: Queryable,
  person: string,
  { appliesFor: kind }: Pick<Service, 'appliesFor'>,
): Promise<Mandate[]> {
  if (kind === undefined) return [];
  const state = ctx.trust.self;
  const localId = await localIdOf(db, person);
  return findMandates(db, ctx.registers, { state, localId, day: today(ctx.clock, state), kind });
}

/**
 * The mandate by which she begins an application; undefined where the service is applied for by oneself.
 * @param number of the child or the organisation that she chose
 * @throws Failure MANDATE_MISSING
 */
export async function chosenMandate(
  ctx: ApplicationsContext,
  db: Queryable,
  person: string,
  service: Service,
  number: string | undefined,
): Promise<Mandate | undefined> {
  if (service.appliesFor === undefined) return undefined;
  const found = (await mandatesFor(ctx, db, person, service)).find((one) => one.number === number);
  if (found === undefined) throw new Failure('MANDATE_MISSING', {});
  return found;
}

/**
 * A mandate may have ended since she began: when she sends, the register is looked at again.
 * @throws Failure MANDATE_MISSING
 */
export async function demandMandate(ctx: ApplicationsContext, db: Queryable, opened: OpenDraft): Promise<void> {
  const { draft, service } = opened;
  await chosenMandate(ctx, db, draft.person, service, draft.mandate?.number);
}
