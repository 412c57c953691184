import type { Service } from '../agreements/index.ts';
import { today } from '../calendar/index.ts';
import { endMandate, type GivenMandate, heldMandates, localIdOf, type MandateHolder } from '../persons/index.ts';
import { findMandates, type Mandate, type Represented, subjectAttributes } from '../registers/index.ts';
import { Failure, type PlainDate, type Queryable } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import { leaveDrafts } from './draft-rows.ts';
import type { Actor, Draft } from './types.ts';

/**
 * The mandate of a person to whoever acts for her, as it stands in what is sealed: who may act, in what, and until when. She herself is the
 * applicant, and known by the application's own reference.
 */
export interface ActingMandate {
  kind: 'given';
  id: string;
  holder: MandateHolder;
  /** `work-abroad/work-notice`. */
  service: string;
  /** The last day. */
  until: PlainDate;
}

/** Somebody for whom one may act: the mandate, her account, her name as the population register has it. */
export interface ActingFor {
  mandate: ActingMandate;
  person: string;
  name: string;
}

type Offered = Pick<Service, 'byMandate'> & { name: string };

/** How a mandate names what it is for. */
export const mandateService = (agreement: string, service: string): string => `${agreement}/${service}`;

/**
 * For whom a person may act in a service today, because they gave a mandate to an organisation that she may act for by a register of her
 * state. Whoever leaves the organisation acts no more, and neither does anybody once the mandate is over.
 * @example const [worker] = await actingFor(ctx, ctx.db, 'zhenish', 'work-abroad', service);
 */
export async function actingFor(
  ctx: ApplicationsContext,
  db: Queryable,
  actor: string,
  agreement: string,
  { name, byMandate: kind }: Offered,
): Promise<ActingFor[]> {
  if (kind === undefined) return [];
  const state = ctx.trust.self;
  const day = today(ctx.clock, state);
  const organisations = await findMandates(db, ctx.registers, {
    ...{ state, day, kind },
    localId: await localIdOf(db, actor),
  });
  const holders = organisations.map(({ number }) => number);
  const given = await heldMandates(db, { holders, service: mandateService(agreement, name), day });
  return Promise.all(
    given
      .filter(({ subject }) => subject !== actor)
      .map(async (one) => ({ mandate: sealedForm(one), person: one.subject, name: await nameOf(db, one.subject) })),
  );
}

const sealedForm = ({ id, holder, service, until }: GivenMandate): ActingMandate => ({
  ...{ kind: 'given', id, holder, service, until },
});

async function nameOf(db: Queryable, subject: string): Promise<string> {
  const { names } = await subjectAttributes(db, await localIdOf(db, subject));
  const { family = '', given = '' } = names.find(({ to }) => to === undefined || to === null) ?? names[0] ?? {};
  return `${family} ${given}`.trim();
}

/**
 * The mandate by which an application is begun for somebody; undefined where none was chosen.
 * @throws Failure MANDATE_OVER where it does not stand, or is not for this service, or not for whoever chose it
 */
export async function chosenActing(
  ctx: ApplicationsContext,
  db: Queryable,
  actor: Actor,
  agreement: string,
  service: Offered,
  id: string | undefined,
): Promise<ActingFor | undefined> {
  if (id === undefined) return undefined;
  const found = (await actingFor(ctx, db, actor.person, agreement, service)).find(({ mandate }) => mandate.id === id);
  if (found === undefined) throw new Failure('MANDATE_OVER', {});
  return found;
}

/**
 * Whoever acts for the person of a draft may still do so; a draft of one's own needs nothing.
 * @throws Failure MANDATE_OVER
 */
export async function demandActing(
  ctx: ApplicationsContext,
  db: Queryable,
  {
    acting,
    given,
    agreement,
    service,
  }: Pick<Draft, 'agreement' | 'service'> & { acting?: string; given?: Pick<ActingMandate, 'id' | 'holder'> },
): Promise<void> {
  if (acting === undefined || given === undefined) return;
  const offered = { name: service, byMandate: given.holder.kind };
  const standing = await actingFor(ctx, db, acting, agreement, offered);
  if (!standing.some(({ mandate }) => mandate.id === given.id)) throw new Failure('MANDATE_OVER', {});
}

/**
 * A person ends a mandate that she gave: at once, and whatever was begun by it and not sent is thrown away. What was sent is hers, and goes
 * on; whoever sent it sees it no more.
 * @throws Failure MANDATE_UNKNOWN
 */
export async function takeMandateBack(ctx: ApplicationsContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await endMandate(tx, ctx, { subject: actor.person, id });
    await leaveDrafts(tx, actor.person, id);
  });
}

/** Whom evidence must be about, where that is not the applicant: a child or an organisation; by a given mandate it is the applicant. */
export const representedBy = (mandate: Mandate | ActingMandate | null | undefined): Represented | null =>
  mandate === null || mandate === undefined || mandate.kind === 'given' ? null : mandate;
