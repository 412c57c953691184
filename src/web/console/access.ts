import { may, must, type OfficerVerb, type Session } from '../../identity/index.ts';
import type { WebContext } from '../context.ts';

/** The verbs of those who run a node or write agreements. None of them reads what is kept of a person. */
export type ConsoleVerb = Extract<
  OfficerVerb,
  'node.read' | 'node.act' | 'access.read' | 'agreement.read' | 'statistics.read' | 'people.read'
>;

/**
 * The agencies that run this state's node: those to which its manifest gives the portal. A role of the console counts nowhere else, so that
 * no other agency can give it to its own.
 */
const operators = ({ trust }: Pick<WebContext, 'trust'>): string[] =>
  trust
    .manifest(trust.self)
    .agencies.filter(({ roles }) => roles.includes('homePortal'))
    .map(({ id }) => id);

/** Whether somebody may do something at the console of this node. */
export const mayAtConsole = (
  ctx: Pick<WebContext, 'trust'>,
  session: Session | undefined,
  verb: ConsoleVerb,
): boolean => operators(ctx).some((agency) => may(session, verb, { agency }));

/** @throws Failure IDENTITY_NOT_PERMITTED */
export function mustAtConsole(ctx: Pick<WebContext, 'trust'>, session: Session, verb: ConsoleVerb): void {
  if (!mayAtConsole(ctx, session, verb)) must(undefined, verb, { agency: operators(ctx)[0] ?? ctx.trust.self });
}

/** The places of the console, each with what it takes to see it. */
export const PLACES = [
  ['/console', 'home', 'node.read'],
  ['/console/states', 'states', 'node.read'],
  ['/console/messages', 'messages', 'node.read'],
  ['/console/ledger', 'ledger', 'node.read'],
  ['/console/jobs', 'jobs', 'node.read'],
  ['/console/rights', 'rights', 'access.read'],
  ['/console/agreements', 'agreements', 'agreement.read'],
  ['/console/statistics', 'statistics', 'statistics.read'],
  ['/console/people', 'people', 'people.read'],
] as const satisfies readonly (readonly [string, string, ConsoleVerb])[];
