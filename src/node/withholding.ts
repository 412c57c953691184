import { type Agreement, withheldUntil } from '../agreements/index.ts';
import type { AccessContent } from '../persons/index.ts';
import type { Clock, Instant } from '../storage/index.ts';

interface WithholdingContext {
  clock: Clock;
  trust: { self: string };
  agreements: { all(): readonly Agreement[] };
}

/** Until when a call under an article of an agreement may be kept back from the person. */
export function withheldByAgreement(ctx: WithholdingContext, name: string, article: string): Instant | undefined {
  const agreement = ctx.agreements.all().find((one) => one.name === name);
  const ground = { kind: 'law', article };
  return agreement === undefined ? undefined : withheldUntil(agreement, ground, ctx.clock.now(), ctx.trust.self);
}

/** Whether an agreement that both states are parties of lets a use by another state be kept back as long as its notice says. */
export function mayBeWithheld(
  { agreements, trust }: Pick<WithholdingContext, 'agreements' | 'trust'>,
  { state, ground, at, withheldUntil: until = at }: AccessContent,
): boolean {
  return agreements.all().some((agreement) => {
    const latest = withheldUntil(agreement, ground, at, state);
    return (
      latest !== undefined && until <= latest && [state, trust.self].every((one) => agreement.parties.includes(one))
    );
  });
}
